//! Configurations: an object in which each key is known, has a kind, and may have a default.
use super::{Value, brief};
use crate::base::error::{Error, ErrorKind, Result, bail};
use crate::base::names::alike;
use alloc::{format, string::String, vec::Vec};

/// What a key can be read as.
pub trait Setting: Sized {
    /// The value as one of this kind.
    ///
    /// # Errors
    /// What was expected instead.
    fn read(value: &Value) -> Result<Self>;
}

/// The configuration of something, each of whose keys is known.
pub struct Settings<'a> {
    of: &'a str,
    value: &'a Value,
}

impl<'a> Settings<'a> {
    /// The settings of `of`, which `value` holds: an object with no other keys than `keys`, or nothing.
    ///
    /// # Errors
    /// Another value, or an unknown key; both name `of`.
    pub fn new(of: &'a str, value: &'a Value, keys: &[&str]) -> Result<Self> {
        let fields = match value {
            Value::Null => &[],
            Value::Object(fields) => &fields[..],
            other => bail!(
                Value,
                "{of}: the configuration must be an object, not {}",
                brief(other)
            ),
        };
        if let Some((unknown, _)) = fields.iter().find(|(key, _)| !keys.contains(&&**key)) {
            return Err(unknown_key(of, unknown, keys));
        }
        Ok(Settings { of, value })
    }

    /// The setting `key`, if it is given; `null` counts as not given.
    ///
    /// # Errors
    /// A value of another kind; the message names the key.
    pub fn optional<T: Setting>(&self, key: &str) -> Result<Option<T>> {
        match &self.value[key] {
            Value::Null => Ok(None),
            value => T::read(value)
                .map(Some)
                .map_err(|error| self.at(key, &error)),
        }
    }

    /// The setting `key`, or `default`.
    ///
    /// # Errors
    /// As for [`optional`](Settings::optional).
    pub fn or<T: Setting>(&self, key: &str, default: T) -> Result<T> {
        Ok(self.optional(key)?.unwrap_or(default))
    }

    /// The setting `key`.
    ///
    /// # Errors
    /// It is not given, or as for [`optional`](Settings::optional).
    pub fn required<T: Setting>(&self, key: &str) -> Result<T> {
        let Some(setting) = self.optional(key)? else {
            bail!(Value, "{}: missing field `{key}`", self.of);
        };
        Ok(setting)
    }

    /// Puts those of the settings that are given into a structure with these keys.
    ///
    /// # Errors
    /// As for [`optional`](Settings::optional); the places before it have been filled then.
    pub fn fill_table(&self, keys: &[&str], table: &mut dyn Table) -> Result<()> {
        for (place, key) in keys.iter().enumerate() {
            self.fill(&mut [(key, table.field(place))])?;
        }
        Ok(())
    }

    /// Puts those of the settings that are given into their places.
    ///
    /// # Errors
    /// As for [`optional`](Settings::optional); the places before it have been filled then.
    pub fn fill(&self, fields: &mut [(&str, &mut dyn Field)]) -> Result<()> {
        for (key, field) in fields {
            match &self.value[*key] {
                Value::Null => {}
                value => field.put(value).map_err(|error| self.at(key, &error))?,
            }
        }
        Ok(())
    }

    fn at(&self, key: &str, error: &Error) -> Error {
        let kind = match error.kind() {
            ErrorKind::Name => ErrorKind::Name,
            _ => ErrorKind::Value,
        };
        Error::new(kind, format_args!("{}: `{key}`: {error}", self.of))
    }
}

/// A place for a setting of any kind. Configurations are read and written through this, so that the code for all
/// of them is there once and each is no more than a list of places.
pub trait Field {
    /// Replaces what is there by what `value` says.
    ///
    /// # Errors
    /// What was expected instead; nothing is replaced then.
    fn put(&mut self, value: &Value) -> Result<()>;

    /// What is there.
    fn get(&self) -> Value;
}

impl<T: Setting + Clone + Into<Value>> Field for T {
    fn put(&mut self, value: &Value) -> Result<()> {
        *self = T::read(value)?;
        Ok(())
    }

    fn get(&self) -> Value {
        self.clone().into()
    }
}

/// A structure whose fields are the settings of a configuration, by their places in the list of its keys. What goes
/// through them stands once, and not in each of some sixty structures again.
pub trait Table {
    /// The setting with this place.
    fn shown(&self, place: usize) -> &dyn Field;

    /// The setting with this place, to be changed.
    fn field(&mut self, place: usize) -> &mut dyn Field;
}

/// The configuration that a structure with these keys is.
pub fn written(keys: &[&str], table: &dyn Table) -> Value {
    let fields = keys.iter().enumerate();
    Value::Object(
        fields
            .map(|(place, key)| ((*key).into(), table.shown(place).get()))
            .collect(),
    )
}

/// That `of` has no setting with the name `unknown`: with the one of `keys` that was probably meant, or with all of them.
#[cold]
pub fn unknown_key(of: &str, unknown: &str, keys: &[&str]) -> Error {
    let unknown = brief(&unknown);
    let instead = match (alike(&unknown, keys.iter().copied()), keys) {
        (Some(near), _) => format!("did you mean \"{near}\"?"),
        (None, []) => String::from("there are none"),
        (None, keys) => format!("known: {}", keys.join(", ")),
    };
    Error::new(
        ErrorKind::Name,
        format_args!("{of}: unknown key \"{unknown}\"; {instead}"),
    )
}

/// That `value` is not what was `expected`; of a long value the beginning is named.
///
/// # Errors
/// Always: this error is what the function is for.
#[cold]
pub fn expected<T>(expected: &str, value: &Value) -> Result<T> {
    bail!(Value, "expected {expected}, not {}", brief(value));
}

impl Setting for Value {
    fn read(value: &Value) -> Result<Self> {
        Ok(value.clone())
    }
}

impl Setting for bool {
    fn read(value: &Value) -> Result<Self> {
        value
            .as_bool()
            .map_or_else(|| expected("true or false", value), Ok)
    }
}

impl Setting for f64 {
    fn read(value: &Value) -> Result<Self> {
        value
            .as_f64()
            .map_or_else(|| expected("a number", value), Ok)
    }
}

impl Setting for f32 {
    fn read(value: &Value) -> Result<Self> {
        let number = f64::read(value)? as f32;
        if number.is_infinite() {
            return expected("a number within the range of f32", value);
        }
        Ok(number)
    }
}

macro_rules! whole_numbers {
    ($($type:ty)*) => {$(
        impl Setting for $type {
            fn read(value: &Value) -> Result<Self> {
                match value.as_f64() {
                    Some(number) if number as $type as f64 == number => Ok(number as $type),
                    _ => expected("a whole number", value),
                }
            }
        }
    )*};
}

whole_numbers![u32 usize isize];

impl Setting for String {
    fn read(value: &Value) -> Result<Self> {
        value
            .as_str()
            .map_or_else(|| expected("a text", value), |text| Ok(text.into()))
    }
}

impl<T: Setting> Setting for Option<T> {
    fn read(value: &Value) -> Result<Self> {
        T::read(value).map(Some)
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn read(value: &Value) -> Result<Self> {
        let Some(values) = value.as_array() else {
            return expected("a list", value);
        };
        values.iter().map(T::read).collect()
    }
}

/// A structure whose public fields are the keys of a configuration: `key: kind` must be given, `key: kind = default`
/// may be. Makes `new`, which takes what must be given and defaults for the rest; `from_json`, which refuses unknown
/// keys; and `to_json`, its reverse.
macro_rules! settings {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$doc:meta])* $key:ident: $kind:ty $(= $default:expr)?,)*
    }) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$doc])* pub $key: $kind,)*
        }

        $crate::base::json::settings!(@new $name [] [] $($key: $kind $(= $default)?,)*);

        impl $crate::base::json::Table for $name {
            fn shown(&self, place: usize) -> &dyn $crate::base::json::Field {
                $crate::base::json::settings!(@find place $($key: &self.$key,)*)
            }

            fn field(&mut self, place: usize) -> &mut dyn $crate::base::json::Field {
                $crate::base::json::settings!(@find place $($key: &mut self.$key,)*)
            }
        }

        impl $name {
            const KEYS: &[&str] = &[$(stringify!($key)),*];

            /// From a configuration.
            ///
            /// # Errors
            /// An unknown or missing key, or a value of another kind.
            pub fn from_json(config: &$crate::base::json::Value) -> $crate::Result<Self> {
                let settings = $crate::base::json::Settings::new(stringify!($name), config, Self::KEYS)?;
                Self::from_settings(&settings)
            }

            /// The configuration, every key named.
            pub fn to_json(&self) -> $crate::base::json::Value {
                $crate::base::json::written(Self::KEYS, self)
            }
        }
    };
    (@find $place:ident $($key:ident: $field:expr,)*) => {{
        #[allow(dead_code, reason = "a structure may have no settings")]
        #[allow(non_camel_case_types, reason = "the names are those of the fields")]
        enum Place { $($key,)* }
        let place: usize = $place;
        $(
            if place == Place::$key as usize {
                return $field;
            }
        )*
        unreachable!("there is no setting {place}")
    }};
    // Fields go one by one to the parameters or to the defaults of `new`.
    (@new $name:ident [] [$($key:ident = $default:expr,)*]) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        $crate::base::json::settings!(@made $name [] [$($key = $default,)*]);
    };
    (@new $name:ident [$($given:ident: $kind:ty,)+] [$($key:ident = $default:expr,)*]) => {
        $crate::base::json::settings!(@made $name [$($given: $kind,)+] [$($key = $default,)*]);
    };
    (@new $name:ident [$($given:tt)*] [$($rest:tt)*] $key:ident: $kind:ty = $default:expr, $($more:tt)*) => {
        $crate::base::json::settings!(@new $name [$($given)*] [$($rest)* $key = $default,] $($more)*);
    };
    (@new $name:ident [$($given:tt)*] [$($rest:tt)*] $key:ident: $kind:ty, $($more:tt)*) => {
        $crate::base::json::settings!(@new $name [$($given)* $key: $kind,] [$($rest)*] $($more)*);
    };
    (@made $name:ident [$($given:ident: $kind:ty,)*] [$($key:ident = $default:expr,)*]) => {
        impl $name {
            /// What must be given, and Keras' defaults for the rest.
            pub fn new($($given: $kind),*) -> Self {
                $name { $($given,)* $($key: $default,)* }
            }

            fn from_settings(settings: &$crate::base::json::Settings) -> $crate::Result<Self> {
                #[allow(unused_mut, reason = "where every key must be given none is filled in")]
                let mut made = Self::new($(settings.required(stringify!($given))?),*);
                settings.fill_table(Self::KEYS, &mut made)?;
                Ok(made)
            }
        }
    };
}
pub(crate) use settings;
