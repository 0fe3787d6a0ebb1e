//! `bindgen SOURCE NAME FOLDER`: writes the JavaScript, the types and the module for the web, as
//! `wasm-bindgen --target web --experimental-reset-state-function` does.
use std::error::Error;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, name, folder] = arguments.as_slice() else {
        return Err(
            "expected three arguments: the source, the name and the folder to write to".into(),
        );
    };
    Bindgen::new()
        .input_path(source)
        .out_name(name)
        .web(true)?
        .typescript(true)
        // Without an address the module is loaded from beside its JavaScript.
        .omit_default_module_path(false)
        .reset_state_function(true)
        .generate(folder)?;
    Ok(())
}
