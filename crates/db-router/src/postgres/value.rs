//! Parameters and columns in PostgreSQL's binary format.

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::sql::{Cell, Value};

type Failure = Box<dyn std::error::Error + Sync + Send>;

impl Value {
    /// Told to the server with every statement, so that it need not be asked.
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Uuid(_) => Type::UUID,
            Self::Text(_) => Type::TEXT,
            Self::Int(_) => Type::INT8,
            Self::Real(_) => Type::FLOAT8,
            Self::Bytes(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Uuid(Some(v)) => out.put_slice(v.as_bytes()),
            Self::Text(Some(v)) => out.put_slice(v.as_bytes()),
            Self::Int(Some(v)) => out.put_i64(*v),
            Self::Real(Some(v)) => out.put_f64(*v),
            Self::Bytes(Some(v)) => out.put_slice(v),
            _ => return Ok(IsNull::Yes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(match *kind {
            Type::UUID => Self::Uuid(Uuid::from_slice(raw)?),
            Type::INT8 => Self::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::FLOAT8 => Self::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::BOOL => Self::Int(i64::from(raw == [1])),
            Type::TEXT | Type::VARCHAR | Type::UNKNOWN => {
                Self::Text(std::str::from_utf8(raw)?.to_owned())
            }
            _ => return Err(format!("a column of type {kind}").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
