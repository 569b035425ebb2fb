//! A place inside a community, in one spelling: 3栋, 三栋, 3# and 3号楼 are the same building.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::AreaId;

/// Where exactly, as far as somebody said. Numbers are in Arabic digits without leading zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// 一期 → `1`.
    pub phase: Option<String>,
    /// 3栋, 3幢, 3#, 三号楼 → `3`; A座 → `A`.
    pub building: Option<String>,
    /// 2单元, 东单元 → `2`, `东`.
    pub unit: Option<String>,
    /// 5楼 → `5`; 负一楼 → `-1`.
    pub floor: Option<String>,
    /// 501室 → `501`. Never shown in public.
    pub room: Option<String>,
    /// 南门, 2号门, 车库, 水果店门口 … as normalised words.
    pub spot: Option<String>,
    /// The name of an area, where one was said that the directory knows or a 小区's name stands.
    pub area: Option<String>,
}

impl Place {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The place as words that follow the area's name, which is not said twice.
    pub fn within(&self, area: &AreaId) -> String {
        let place = self.to_string();
        place
            .strip_prefix(area.name())
            .map_or_else(|| place.clone(), str::to_owned)
    }

    /// The place without what would tell who lives there.
    #[must_use]
    pub fn public(&self) -> Self {
        Self {
            room: None,
            ..self.clone()
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (&self.area, ""),
            (&self.phase, "期"),
            (&self.building, "栋"),
            (&self.unit, "单元"),
            (&self.floor, "楼"),
            (&self.room, "室"),
            (&self.spot, ""),
        ];
        for (value, suffix) in parts {
            if let Some(value) = value {
                write!(f, "{value}{suffix}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_areas_name_is_not_said_twice() {
        let area = AreaId::from("云杉街道/枫林苑");
        let place = Place {
            area: Some("枫林苑".into()),
            building: Some("2".into()),
            ..Place::default()
        };
        assert_eq!(place.within(&area), "2栋");
        let place = Place {
            building: Some("2".into()),
            ..Place::default()
        };
        assert_eq!(place.within(&area), "2栋");
    }
}
