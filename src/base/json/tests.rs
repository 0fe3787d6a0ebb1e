//! What is read and written agrees with serde_json, whose way with JSON is everyone's.
use super::*;
use proptest::prelude::*;

fn theirs(value: &Value) -> serde_json::Value {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        (-1e30f32..1e30).prop_map(Value::from),
        (-2f32..2.0).prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The same value, with numbers as `f32`.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Value::Number(a), serde_json::Value::Number(b)) => *a as f32 == b.as_f64().unwrap() as f32,
        (Value::String(a), serde_json::Value::String(b)) => a == b,
        (Value::Array(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), serde_json::Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| same(a, &b[key]))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_is_written_reads_back_the_same_here_and_elsewhere(value in any_value()) {
        let theirs = theirs(&value);
        prop_assert!(same(&value, &theirs), "{value}");
        prop_assert!(same(&parse(&value.to_string()).unwrap(), &theirs), "{value}");
        prop_assert!(same(&parse(&serde_json::to_string_pretty(&theirs).unwrap()).unwrap(), &theirs));
    }

    #[test]
    fn text_is_json_here_exactly_where_it_is_elsewhere(text in r#"[\[\]{},:"\\/0-9eE.+\-truefalsn ]{0,12}"#) {
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(parse(&text).is_ok(), theirs.is_ok(), "{}", text);
    }

    #[test]
    fn every_f32_reads_back(bits in any::<u32>()) {
        let value = f32::from_bits(bits);
        let text = Decimal::from(value).to_string();
        let back: f32 = text.parse().unwrap();
        prop_assert!(back == value || value.is_nan(), "{value:e} became {text}");
    }

    #[test]
    fn numbers_are_read_as_well_as_f32_needs(digits in "[0-9]{1,25}", point in 0usize..25, exponent in -60i32..40) {
        let (whole, fraction) = digits.split_at(point.min(digits.len() - 1));
        let text = std::format!("{}.{fraction}e{exponent}", if whole.is_empty() { "0" } else { whole });
        let text = if text.starts_with('0') { text.replacen(whole, "0", usize::from(!whole.is_empty())) } else { text };
        let (ours, exact) = (parse(&text).unwrap().as_f64().unwrap(), text.parse::<f64>().unwrap());
        prop_assert!((ours - exact).abs() <= exact.abs() * 1e-15, "{text}: {ours:e}, not {exact:e}");
    }
}

#[test]
fn numbers_are_written_as_people_write_them() {
    let written = [
        0.001f32,
        0.1,
        -1.5,
        1e-7,
        2e-9,
        1234.5,
        16777216.0,
        f32::MAX,
        1e-45,
    ]
    .map(|value| Decimal::from(value).to_string());
    assert_eq!(
        written,
        [
            "0.001",
            "0.1",
            "-1.5",
            "0.0000001",
            "2e-9",
            "1234.5",
            "16777216",
            "3.4028235e38",
            "1e-45"
        ]
    );
    assert_eq!(Decimal(0.999).to_string(), "0.999");
}

#[test]
fn escapes_are_read_as_in_javascript() {
    let value = parse(r#" {"b": "\u00e9\ud83d\ude00\n\"", "a": [true, null]} "#).unwrap();
    assert_eq!(value["b"].as_str(), Some("é😀\n\""));
    assert_eq!(value["a"], json!([json!(true), Value::Null]));
}

#[test]
fn a_number_behind_many_zeros_keeps_its_value() {
    for zeros in [10, 1000, 100_000] {
        let text = std::format!("0.{}1e{}", "0".repeat(zeros), zeros + 1);
        assert_eq!(parse(&text).unwrap(), json!(1.0), "{zeros} zeros");
        let text = std::format!("1{}e-{zeros}", "0".repeat(zeros));
        assert_eq!(parse(&text).unwrap(), json!(1.0), "{zeros} zeros");
    }
    // However far the exponent, the answer comes at once.
    assert_eq!(parse("1e-9999999999999999999999").unwrap(), json!(0.0));
    assert!(parse("1e9999999999999999999999").is_err());
    assert_eq!(parse("0e9999999999999999999999").unwrap(), json!(0.0));
}

#[test]
fn numbers_that_no_f32_can_hold_are_refused_where_one_is_needed() {
    let error = f32::read(&json!(1e300)).unwrap_err().to_string();
    assert!(
        error.starts_with("expected a number within the range of f32, not 1e300"),
        "{error}"
    );
    assert_eq!(f32::read(&json!(f32::MAX)), Ok(f32::MAX));
}

#[test]
fn a_message_names_the_beginning_of_a_value_of_megabytes() {
    let huge = json!("a".repeat(10_000_000));
    let list = Value::Array(std::vec![json!(1); 1_000_000]);
    for value in [&huge, &list] {
        let errors = [
            usize::read(value).unwrap_err(),
            Settings::new("Dense", value, &[]).err().unwrap(),
        ];
        for error in errors {
            let text = error.to_string();
            assert!(
                text.len() < 150 && text.ends_with('…'),
                "{} bytes",
                text.len()
            );
        }
    }
    let long_name = Value::Object(std::vec![("a".repeat(1000), json!(1))]);
    let error = Settings::new("Dense", &long_name, &["units"])
        .err()
        .unwrap();
    let expected = std::format!("Dense: unknown key \"{}…\"; known: units", "a".repeat(60));
    assert_eq!(error.to_string(), expected);
}

#[test]
fn errors_tell_what_was_expected_and_where() {
    let cases = [
        ("", "a value at byte 0"),
        ("{\"a\" 1}", "`:` at byte 5"),
        ("[1 2]", "`,` or the closing bracket at byte 3"),
        ("1e999", "a number within the range of f64"),
        ("\"\\ud800\"", "surrogate"),
        (&"[".repeat(9000), "less deeply nested values at byte 101"),
        (&r#"{"a":"#.repeat(9000), "less deeply nested"),
        (
            r#"{"a": 1, "b": 2, "a": 3}"#,
            "each name once in an object, not `a` again, at byte 24",
        ),
        (r#"[{"a": {}, "\u0061": {}}]"#, "not `a` again"),
    ];
    for (text, expected) in cases {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
