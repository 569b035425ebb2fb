//! Whether two places can be the same one.

use crate::model::Place;

/// How two places go together; two that contradict each other do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// Both are named, and nothing they name is shared: a building and a gate may be neighbours.
    Doubtful,
    /// At least one is not named.
    Open,
    /// The same building, or the same spot.
    Same,
}

/// Compares two places as people name them. `None`: they are two places.
pub(super) fn nearness(one: Option<&Place>, other: Option<&Place>) -> Option<Nearness> {
    let empty = Place::default();
    let (one, other) = (one.unwrap_or(&empty), other.unwrap_or(&empty));
    if differ(one.phase.as_ref(), other.phase.as_ref())
        || differ(one.building.as_ref(), other.building.as_ref())
    {
        return None;
    }
    let same_building = one.building.is_some() && one.building == other.building;
    let spots = one.spot.as_deref().zip(other.spot.as_deref());
    match spots.map(|(a, b)| spots_agree(a, b)) {
        Some(Spots::Same) => return Some(Nearness::Same),
        Some(Spots::Two) if !same_building => return None,
        Some(Spots::Doubtful) if !same_building => return Some(Nearness::Doubtful),
        _ => {}
    }
    if same_building {
        return Some(Nearness::Same);
    }
    let named = |place: &Place| place.building.is_some() || place.spot.is_some();
    if named(one) && named(other) {
        return Some(Nearness::Doubtful);
    }
    Some(Nearness::Open)
}

enum Spots {
    Same,
    Doubtful,
    Two,
}

/// 药店门口 and 药店边上 are one spot, 东门 and 南门 are two, 车库 and 坡道 may be either.
fn spots_agree(one: &str, other: &str) -> Spots {
    if one == other || one.contains(other) || other.contains(one) {
        return Spots::Same;
    }
    let gate = |spot: &str| {
        let mut letters = spot.chars();
        let side = letters.find(|c| "东南西北前后正侧".contains(*c) || c.is_ascii_digit());
        side.filter(|_| spot.contains('门'))
    };
    if let (Some(one), Some(other)) = (gate(one), gate(other))
        && one != other
    {
        return Spots::Two;
    }
    let letters: Vec<char> = one.chars().collect();
    let shared = |pair: &[char]| other.contains(&pair.iter().collect::<String>());
    // A shared pair other than the words that only say "beside".
    let beside = [
        ['门', '口'],
        ['旁', '边'],
        ['边', '上'],
        ['附', '近'],
        ['楼', '下'],
    ];
    let mut pairs = letters
        .windows(2)
        .filter(|pair| !beside.iter().any(|one| one == pair));
    if pairs.any(shared) {
        return Spots::Same;
    }
    Spots::Doubtful
}

fn differ(one: Option<&String>, other: Option<&String>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn building(name: &str) -> Place {
        Place {
            building: Some(name.to_owned()),
            ..Place::default()
        }
    }

    fn spot(name: &str) -> Place {
        Place {
            spot: Some(name.to_owned()),
            ..Place::default()
        }
    }

    #[track_caller]
    fn check(one: &Place, other: &Place, expected: Option<Nearness>) {
        assert_eq!(nearness(Some(one), Some(other)), expected);
        assert_eq!(nearness(Some(other), Some(one)), expected, "the other way");
    }

    #[test]
    fn two_buildings_are_two_places_and_one_building_is_one() {
        check(&building("3"), &building("5"), None);
        check(&building("3"), &building("3"), Some(Nearness::Same));
        check(&building("3"), &Place::default(), Some(Nearness::Open));
    }

    #[test]
    fn two_gates_are_two_places_and_a_shop_is_one_however_it_is_put() {
        check(&spot("东门"), &spot("南门"), None);
        check(&spot("面馆门口"), &spot("面馆边上"), Some(Nearness::Same));
        check(
            &spot("面馆门口"),
            &spot("网吧门口"),
            Some(Nearness::Doubtful),
        );
    }

    #[test]
    fn a_building_and_a_spot_may_be_neighbours() {
        check(&building("3"), &spot("车库"), Some(Nearness::Doubtful));
    }
}
