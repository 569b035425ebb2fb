//! Everything the directory knows at one instant: immutable, cheap to ask.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{
    Area, AreaId, CategoryCode, Group, GroupId, GroupPurpose, GroupState, Person, PersonId, Role,
};

/// The area tree, the groups and the people of one instant.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    areas: BTreeMap<AreaId, Area>,
    groups: BTreeMap<GroupId, Group>,
    people: HashMap<PersonId, Person>,
    /// Who answers for something exactly here, in order of duty.
    posts: BTreeMap<AreaId, Vec<Post>>,
    /// Names and aliases of the areas under each outermost area.
    names: HashMap<String, Arc<[String]>>,
    nameless: Arc<[String]>,
}

/// One duty of one person, as seen from its area.
#[derive(Clone, Debug, PartialEq)]
struct Post {
    /// Workers come before staff, staff before admins.
    rank: u8,
    order: u8,
    person: PersonId,
    categories: Vec<CategoryCode>,
}

/// Somebody who may be given an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The area whose duty brings them here.
    pub area: AreaId,
    /// Their place in that area: 0 is asked first.
    pub order: u8,
    /// Their role.
    pub role: Role,
    /// Whether their duty names the category, rather than all.
    pub named: bool,
}

impl Snapshot {
    /// A snapshot of these records.
    pub fn new(
        areas: impl IntoIterator<Item = Area>,
        groups: impl IntoIterator<Item = Group>,
        people: impl IntoIterator<Item = Person>,
    ) -> Self {
        let mut snapshot = Self {
            areas: areas.into_iter().map(|it| (it.id.clone(), it)).collect(),
            groups: groups.into_iter().map(|it| (it.id.clone(), it)).collect(),
            people: people.into_iter().map(|it| (it.id.clone(), it)).collect(),
            ..Self::default()
        };
        snapshot.posts = posts(snapshot.people.values());
        snapshot.names = names(snapshot.areas.values());
        snapshot
    }

    /// All areas, by path.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// All groups, pending and retired ones included, by id.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// Everybody known, in no order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// One area.
    pub fn area(&self, id: &AreaId) -> Option<&Area> {
        self.areas.get(id)
    }

    /// One group, whatever its state.
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.get(id)
    }

    /// The group if the bot listens in it.
    pub fn admitted(&self, id: &GroupId) -> Option<&Group> {
        self.group(id)
            .filter(|group| group.state == GroupState::Admitted)
    }

    /// Somebody the directory knows.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    /// What somebody may do; an unknown person is a resident.
    pub fn role(&self, id: &PersonId) -> Role {
        self.person(id).map_or(Role::Resident, |person| person.role)
    }

    /// The name colleagues use, empty for people the directory does not know.
    pub fn name(&self, id: &PersonId) -> &str {
        self.person(id).map_or("", |person| person.name.as_str())
    }

    /// Whether this person asked not to be listened to.
    pub fn objects(&self, id: &PersonId) -> bool {
        self.person(id)
            .is_some_and(|person| person.objected_at.is_some())
    }

    /// Names and aliases of all areas under the same outermost area, to be recognised as places.
    pub fn area_names(&self, area: &AreaId) -> Arc<[String]> {
        let root = area.path().next().unwrap_or_default();
        self.names.get(root).unwrap_or(&self.nameless).clone()
    }

    /// The area with this name or alias nearest to `near`: under it, else anywhere in its street.
    pub fn area_named(&self, name: &str, near: &AreaId) -> Option<&Area> {
        let root = near.path().next().unwrap_or_default();
        let mut found: Vec<&Area> = self
            .areas
            .values()
            .filter(|area| area.id.path().next() == Some(root))
            .filter(|area| area.id.name() == name || area.aliases.iter().any(|it| it == name))
            .collect();
        found.sort_by_key(|area| std::cmp::Reverse(shared_names(&area.id, near)));
        found.first().copied()
    }

    /// Whether hand_back, suspend, extend and transfer need the word of staff here: the area's
    /// own setting or that of any area it lies in.
    pub fn needs_approval(&self, area: &AreaId) -> bool {
        upwards(area).any(|id| self.area(&id).is_some_and(|it| it.needs_approval))
    }

    /// Who may be given an event of this category here, in the order in which they are asked:
    /// the area's own people by order of duty; where it has none, those of its parts (a 片区 event
    /// lies above the 小区 that have workers); then up the tree.
    pub fn ladder(&self, category: &CategoryCode, area: &AreaId) -> Vec<Candidate> {
        let mut ladder = Vec::new();
        for here in upwards(area) {
            self.climb(&here, category, &mut ladder);
            if here == *area && ladder.is_empty() {
                self.descend(area, category, &mut ladder);
            }
        }
        ladder
    }

    /// Everybody who must hear of danger to life here, nearest first: 网格员, 网格长, 社区, 街道.
    /// Somebody whose duties name other categories is left out unless nobody else is there.
    pub fn chain(&self, category: &CategoryCode, area: &AreaId) -> Vec<PersonId> {
        let mut chain: Vec<PersonId> = self
            .ladder(category, area)
            .into_iter()
            .map(|candidate| candidate.person)
            .collect();
        for person in self.staff(area) {
            if !chain.contains(&person) {
                chain.push(person);
            }
        }
        if chain.is_empty() {
            chain = self.everyone(area);
        }
        chain
    }

    /// Staff and admins who answer for this area, nearest first; then those without any duty,
    /// who answer for everything.
    pub fn staff(&self, area: &AreaId) -> Vec<PersonId> {
        let mut staff: Vec<PersonId> = self
            .everyone(area)
            .into_iter()
            .filter(|person| matches!(self.role(person), Role::Staff | Role::Admin))
            .collect();
        let mut free: Vec<&Person> = self
            .people
            .values()
            .filter(|person| matches!(person.role, Role::Staff | Role::Admin))
            .filter(|person| person.duties.is_empty())
            .collect();
        free.sort_by(|a, b| (a.role, &a.id).cmp(&(b.role, &b.id)));
        staff.extend(free.into_iter().map(|person| person.id.clone()));
        staff
    }

    /// The admitted work groups that answer for this area: those of the nearest area that has any.
    pub fn work_groups(&self, area: &AreaId) -> Vec<&Group> {
        for here in upwards(area) {
            let groups: Vec<&Group> = self
                .groups
                .values()
                .filter(|group| group.state == GroupState::Admitted)
                .filter(|group| group.purpose == GroupPurpose::Work)
                .filter(|group| group.area.as_ref() == Some(&here))
                .collect();
            if !groups.is_empty() {
                return groups;
            }
        }
        Vec::new()
    }

    /// Whether one of this person's duties covers the area, or lies in it.
    pub fn works_in(&self, person: &PersonId, area: &AreaId) -> bool {
        self.person(person).is_some_and(|person| {
            person
                .duties
                .iter()
                .any(|duty| area.is_within(&duty.area) || duty.area.is_within(area))
        })
    }

    /// Finds a colleague by id or by the name colleagues use; `@` in front is ignored.
    pub fn colleague(&self, words: &str) -> Option<&Person> {
        let words = words.trim().trim_start_matches('@').trim();
        self.people.get(&PersonId::new(words)).or_else(|| {
            let mut named = self
                .people
                .values()
                .filter(|it| it.name == words && !matches!(it.role, Role::Resident | Role::Bot));
            named.next().filter(|_| named.next().is_none())
        })
    }

    fn climb(&self, here: &AreaId, category: &CategoryCode, ladder: &mut Vec<Candidate>) {
        for post in self.posts.get(here).into_iter().flatten() {
            let named = post.categories.contains(category);
            let covers = named || post.categories.is_empty();
            if covers && ladder.iter().all(|other| other.person != post.person) {
                ladder.push(Candidate {
                    person: post.person.clone(),
                    area: here.clone(),
                    order: post.order,
                    role: self.role(&post.person),
                    named,
                });
            }
        }
    }

    fn descend(&self, area: &AreaId, category: &CategoryCode, ladder: &mut Vec<Candidate>) {
        for below in self.posts.keys() {
            if below != area && below.is_within(area) {
                self.climb(below, category, ladder);
            }
        }
    }

    fn everyone(&self, area: &AreaId) -> Vec<PersonId> {
        let mut seen = BTreeSet::new();
        upwards(area)
            .filter_map(|here| self.posts.get(&here))
            .flatten()
            .filter(|post| seen.insert(&post.person))
            .map(|post| post.person.clone())
            .collect()
    }
}

/// The area itself and all it lies in, innermost first.
fn upwards(area: &AreaId) -> impl Iterator<Item = AreaId> {
    std::iter::successors(Some(area.clone()), AreaId::parent)
}

fn shared_names(a: &AreaId, b: &AreaId) -> usize {
    a.path().zip(b.path()).take_while(|(a, b)| a == b).count()
}

fn posts<'a>(people: impl Iterator<Item = &'a Person>) -> BTreeMap<AreaId, Vec<Post>> {
    let mut posts: BTreeMap<AreaId, Vec<Post>> = BTreeMap::new();
    for person in people.filter(|it| !matches!(it.role, Role::Resident | Role::Bot)) {
        for duty in &person.duties {
            posts.entry(duty.area.clone()).or_default().push(Post {
                rank: rank(person.role),
                order: duty.order,
                person: person.id.clone(),
                categories: duty.categories.clone(),
            });
        }
    }
    for here in posts.values_mut() {
        here.sort_by(|a, b| (a.rank, a.order, &a.person).cmp(&(b.rank, b.order, &b.person)));
    }
    posts
}

/// Whoever does the work is asked before whoever decides.
fn rank(role: Role) -> u8 {
    match role {
        Role::Worker | Role::Property => 0,
        Role::Staff => 1,
        Role::Admin | Role::Resident | Role::Bot => 2,
    }
}

fn names<'a>(areas: impl Iterator<Item = &'a Area>) -> HashMap<String, Arc<[String]>> {
    let mut names: HashMap<String, BTreeSet<String>> = HashMap::new();
    for area in areas {
        let root = area.id.path().next().unwrap_or_default();
        let under = names.entry(root.to_owned()).or_default();
        under.insert(area.id.name().to_owned());
        under.extend(area.aliases.iter().cloned());
    }
    names
        .into_iter()
        .map(|(root, names)| (root, names.into_iter().collect()))
        .collect()
}
