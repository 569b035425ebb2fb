//! What workers and staff say in their own words.

use super::{By, check};
use crate::model::Role;

#[test]
fn workers_take_an_order_on_under_its_card() {
    let sayings = [
        "接了",
        "接",
        "我接",
        "这单我接了哈",
        "已接",
        "收到",
        "收到！",
        "收到，马上处理",
        "好的",
        "好嘞马上到",
        "ok",
        "OK收到",
        "行，我去",
        "要得，我来弄",
        "我去看看",
        "我去看哈",
        "我过去瞅一眼",
        "俺去",
        "我来处理",
        "我来嘛",
        "马上到",
        "马上过去",
        "立马安排",
        "这就去",
        "在路上了",
        "十分钟到",
        "已经在往那边赶",
        "我顺路，我去",
        "交给我",
        "包在我身上",
        "归我了",
        "我跟进",
        "我上门看一下",
        "我负责这个",
        "师傅已经出发",
        "已安排师傅过去",
        "正在处理",
        "没问题，我去",
        "[OK]收到",
        "我离得近我去",
        "我这边处理",
        "明白，马上安排",
        "晓得了，这就过去",
        "中，我去瞧瞧",
        "我领了",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "accept")).collect();
    check(Role::Worker, By::Card, &rows);
}

#[test]
fn workers_tell_that_it_is_done_under_its_card() {
    let sayings = [
        "搞定了",
        "搞定，水管换好了",
        "弄好了",
        "弄归一了",
        "修好了",
        "已修复",
        "处理完毕",
        "灯换好了，亮了",
        "垃圾清走了",
        "已经疏通了",
        "完事",
        "完工了",
        "电梯恢复运行",
        "跳闸合上了，有电了",
        "树枝剪了拉走了",
        "已劝离",
        "楼道堆的东西都搬空了，搬完了",
        "门禁修好咯",
        "换了个阀门，不漏了",
        "补好了",
        "贴了封条，处理好了",
        "已和双方谈妥，调解好了",
        "撇脱，弄完了",
        "路灯亮了，可以结了",
        "都弄巴适了",
        "全部打扫干净了",
        "问题解决了",
        "现场已清理",
        "水通了",
        "围挡已拆除",
        "窨井盖装好了",
        "已整改完成",
        "消杀做完了",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "resolve")).collect();
    check(Role::Worker, By::Card, &rows);
}

#[test]
fn workers_hand_back_what_is_not_theirs() {
    let sayings = [
        "不归我们管",
        "这个不是我网格的",
        "不属于我们社区",
        "派错了",
        "发错人了吧，不是我",
        "退了",
        "退回",
        "这是物业的事，该物业管",
        "不在我们辖区",
        "我管不到这个",
        "搞不来这个，退了",
        "接不了",
        "这单我不接",
        "我休假了，换个人",
        "隔壁社区的，派错了",
        "归城管管，不归我们",
        "超出我的职责范围了",
        "轮不到我管",
        "我没得权限",
        "走不开，另外派人嘛",
        "不关我们的事",
        "地址不是我们小区，退起走",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "hand_back")).collect();
    check(Role::Worker, By::Card, &rows);
}

#[test]
fn workers_put_off_and_ask_for_time() {
    check(
        Role::Worker,
        By::Card,
        &[
            ("先挂起，等厂家配件", "suspend"),
            ("先挂账，配件周二到", "suspend until=2026-11-24"),
            ("没货，等下周四到货再弄", "suspend until=2026-11-26"),
            ("先搁一搁，后天再看", "suspend until=2026-11-22"),
            (
                "暂时修不了，要等12月2号施工队进场",
                "suspend until=2026-12-02",
            ),
            ("家里没人，进不去，明天再来", "suspend until=2026-11-21"),
            ("等审批下来再说", "suspend"),
            ("缓一缓哈，等天晴", "suspend"),
            ("暂时弄不了，等水务的人", "suspend"),
            ("只能等开发商回复，先放着", "suspend"),
            ("再给我两天", "extend until=两天"),
            ("今天弄不完，要到后天", "extend until=2026-11-22"),
            ("宽限三天嘛，人手不够", "extend until=三天"),
            ("来不及了，延到周一", "extend until=2026-11-23"),
            ("还要一个星期才弄得完", "extend until=一个星期"),
            ("时间不够，多给3天", "extend until=3天"),
            ("推迟到28号", "extend until=2026-11-28"),
            ("往后拖一天", "extend until=一天"),
        ],
    );
}

#[test]
fn workers_pass_on_join_and_correct() {
    check(
        Role::Worker,
        By::Card,
        &[
            ("让老陈去吧", "transfer to=老陈"),
            ("转给周姐", "transfer to=周姐"),
            ("转给物业那边", "transfer to=物业"),
            ("这个请周姐跟进一下", "transfer to=周姐"),
            ("@周姐 转给你", "transfer to=周姐"),
            ("喊小赵去看嘛，他在那边", "transfer to=小赵"),
            ("和6号是同一件事", "merge to=6"),
            ("这个跟#6一样的，并了吧", "merge to=6"),
            ("同6号一码事", "merge to=6"),
            ("重复了，6号单已经有了", "merge to=6"),
            ("并到 6 里头", "merge to=6"),
            ("分类不对，应该是电梯", "recategorise to=电梯"),
            ("类别搞错了，是噪音", "recategorise to=噪音"),
            ("改成环境卫生类", "recategorise to=环境卫生"),
            ("误报", "void refused"),
            ("误报的，现场没有这回事", "void refused"),
            ("重复上报了", "void refused"),
            ("没这回事，住户看错了", "void refused"),
            ("这是测试的", "void refused"),
        ],
    );
}

#[test]
fn workers_talk_under_a_card_without_a_command() {
    check(
        Role::Worker,
        By::Card,
        &[
            ("这是哪栋的？", "-"),
            ("住户电话多少", "-"),
            ("要不要我去？", "-"),
            ("哈哈哈", "-"),
            ("哪个报的哦", "-"),
            ("[捂脸]", "-"),
            ("这个到哪一步了？", "query"),
            ("谁在处理这个？", "query"),
            ("搞定没得", "query"),
        ],
    );
}

#[test]
fn workers_need_a_number_where_no_card_is_quoted() {
    check(
        Role::Worker,
        By::Work,
        &[
            ("8我接", "accept 8"),
            ("8号我去", "accept 8"),
            ("#8 我来", "accept 8"),
            ("第8单我马上去", "accept 8"),
            ("8弄好了", "resolve 8"),
            ("8号那个换好了", "resolve 8"),
            ("8 搞定", "resolve 8"),
            ("8号单不归我们管", "hand_back 8"),
            ("8先挂起等配件", "suspend 8"),
            ("8和6是一回事", "merge 8 to=6"),
            ("8给周姐去处理", "transfer 8 to=周姐"),
            ("把8转给周姐", "transfer 8 to=周姐"),
            ("8再给我两天", "extend 8 until=两天"),
            ("十二号单我接了", "accept 12"),
            ("我名下有几个单子", "mine"),
            ("我这还有多少单没办", "mine"),
            ("我来", "-"),
            ("搞定了", "-"),
            ("收到", "-"),
            ("接了", "-"),
            ("明天8点开会都来", "-"),
            ("8号楼下水道我去看了", "-"),
            ("8月份的报表交一下", "-"),
            ("今天接了8个单", "-"),
            ("大家辛苦了，早点休息", "-"),
            ("延期的单子周五前清完", "-"),
            ("挂账那几家再跑一趟", "-"),
            ("办结率掉到八成了", "-"),
            ("接单量太大了", "-"),
        ],
    );
}

#[test]
fn staff_judge_under_a_card() {
    check(
        Role::Staff,
        By::Card,
        &[
            ("属实", "confirm"),
            ("确有此事，立案吧", "confirm"),
            ("同意", "approve"),
            ("可以", "approve"),
            ("批准了", "approve"),
            ("没弄好，重新去一趟", "rework"),
            ("返工", "rework"),
            ("不合格，墙面没补平", "rework"),
            ("现场看过了，没问题", "verify"),
            ("电话回访过，居民满意", "verify"),
            ("请街道协调一下", "escalate"),
            ("上报街道", "escalate"),
            ("盯紧点，今天必须弄完", "supervise"),
            ("抓紧处理", "supervise"),
            ("误报的", "void"),
            ("重复的，作废", "void"),
            ("转给老陈", "transfer to=老陈"),
            ("我来处理", "accept"),
            ("不同意", "approve"),
            ("不同意，先把活干完再说", "approve"),
            ("什么情况？", "query"),
        ],
    );
}

#[test]
fn staff_judge_in_one_word_in_the_work_group() {
    check(
        Role::Staff,
        By::Work,
        &[
            ("确认", "confirm"),
            ("属实。", "confirm"),
            ("同意", "approve"),
            ("确认一下明天几点开会", "-"),
            ("我同意小李说的", "-"),
        ],
    );
    check(Role::Staff, By::Group, &[("确认", "-"), ("同意", "-")]);
    check(Role::Worker, By::Work, &[("确认", "-")]);
}
