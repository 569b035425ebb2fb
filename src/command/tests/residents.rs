//! What residents say, to the bot and to each other.

use super::{By, check};
use crate::model::Role;

#[test]
fn residents_push_under_a_card() {
    let sayings = [
        "催一哈",
        "催一下",
        "快点嘛",
        "搞快些哟",
        "还没人来",
        "咋还没得人来哦",
        "等了一下午了",
        "人呢",
        "怎么还不来修",
        "急用，麻烦尽快",
        "都三天了",
        "赶紧的",
        "赶快派人来",
        "等不及了，老人在家",
        "到底来不来人",
        "没人管吗",
        "拖了一个礼拜了",
        "麻烦抓紧处理",
        "受不了了，快来",
        "一直没人联系我",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "urge")).collect();
    check(Role::Resident, By::Card, &rows);
}

#[test]
fn residents_ask_under_a_card() {
    let sayings = [
        "到哪步了",
        "咋样了",
        "处理得怎么样了？",
        "修好了没",
        "好久能弄好",
        "什么时候能修好？",
        "有消息了吗",
        "弄好没得",
        "有人接了吗",
        "现在啥情况",
        "进度查一下",
        "查下进度",
        "几时来修",
        "谁在处理这个",
        "有结果没",
        "解决了吗",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "query")).collect();
    check(Role::Resident, By::Card, &rows);
}

#[test]
fn residents_are_unhappy_under_a_card() {
    let sayings = [
        "不满意",
        "没修好",
        "还是漏水",
        "还是老样子",
        "又堵了",
        "根本没弄",
        "敷衍了事",
        "修了跟没修差不多",
        "两天又坏了",
        "不得行，还是臭",
        "依旧不亮",
        "没解决问题",
        "白修了",
        "还在滴水",
        "谢谢，不过还是漏",
        "好个锤子",
        "没弄干净",
        "不认可这个结果",
        "人都没来过就办结了",
        "差评",
        "好了又坏了",
        "才修好又停了",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "dissatisfied")).collect();
    check(Role::Resident, By::Card, &rows);
}

#[test]
fn residents_are_thankful_under_a_card() {
    let sayings = [
        "满意",
        "很满意",
        "谢谢",
        "多谢弄好了",
        "修好了，谢谢师傅",
        "辛苦了",
        "速度真快，点赞",
        "感谢社区",
        "巴适得很",
        "安逸",
        "给力",
        "不错不错",
        "好评",
        "没想到这么快，谢谢",
        "非常感谢，解决了大问题",
        "👍谢谢",
        "效率高",
        "师傅态度好，弄得好",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "satisfied")).collect();
    check(Role::Resident, By::Card, &rows);
}

#[test]
fn residents_tell_that_it_is_over_under_a_card() {
    let sayings = [
        "好了",
        "已经好了",
        "来水了",
        "有电了",
        "不漏了",
        "不用来了，自己弄好了",
        "恢复了",
        "修好了",
        "没事了",
        "灯亮了",
    ];
    let rows: Vec<_> = sayings.iter().map(|text| (*text, "resolve")).collect();
    check(Role::Resident, By::Card, &rows);
}

#[test]
fn residents_name_a_number() {
    check(
        Role::Resident,
        By::Group,
        &[
            ("7号那个咋样了", "query 7"),
            ("#7 好了没", "query 7"),
            ("第7单还没人来", "urge 7"),
            ("7号单快点嘛", "urge 7"),
            ("#7 还是漏", "dissatisfied 7"),
            ("7号工单满意，谢谢", "satisfied 7"),
            ("7 修好了", "resolve 7"),
            ("E-20261118-0007 有进展吗", "query E-20261118-0007"),
        ],
    );
}

#[test]
fn residents_speak_to_the_bot() {
    check(
        Role::Resident,
        By::At,
        &[
            ("催一下我报的事", "urge"),
            ("我昨天报的那个咋样了", "query"),
            ("还没人来", "urge"),
            ("不满意", "dissatisfied"),
            ("7号到哪一步了", "query 7"),
            ("接单", "accept refused"),
            ("你能干啥", "help"),
            ("怎么用", "help"),
            ("我家停水了", "-"),
            ("物业电话多少", "-"),
            ("今天好冷哦", "-"),
            ("3栋电梯坏了", "-"),
            ("居住证怎么办", "-"),
            ("什么时候来电", "-"),
            ("谢谢你", "-"),
            ("哈哈你好笨", "-"),
            ("别说话了", "stop_bot refused"),
        ],
    );
    check(
        Role::Resident,
        By::Direct,
        &[
            ("查询 7", "query 7"),
            ("7 好了", "resolve 7"),
            ("催办", "urge"),
            ("在吗", "-"),
        ],
    );
}

#[test]
fn talk_among_residents_stays_talk() {
    let talk = [
        "我接单送外卖的，晚上才回来",
        "接单软件又崩了",
        "这周接单20个，累瘫",
        "帮我接一下快递，谢谢",
        "接了娃就回来",
        "我来我来，我会修",
        "搞定了，晚上吃火锅",
        "好了好了，睡觉",
        "12点好了叫我",
        "3号楼有人在吗",
        "办结婚证要带啥",
        "转派出所户口要几天",
        "查询一下社保余额在哪里查",
        "查12306还有票没得",
        "催我妈买菜去了",
        "满意满意，太好吃了",
        "不满意就退货",
        "还没人来拼单吗",
        "同意的扣1",
        "确认收货了没",
        "5号快递柜打不开",
        "25号考试，紧张",
        "延期毕业了",
        "退单了，商家不发货",
        "这个剧并案那集好看",
        "督办组来检查了",
        "7天无理由退货",
        "2号线停了没",
        "60块一斤，好贵",
        "我的天",
        "我的车谁挪一下",
        "帮助别人快乐自己",
        "吹哨子的大爷又来了",
        "作废的发票还能用不",
        "挂账吃饭的那家店关了",
        "12月1号开始涨价",
        "3缺1，快来",
        "12号那天我结婚，大家来",
        "7楼的装修好了没",
        "8点集合，收到回复",
        "1",
        "2",
        "收到",
        "+1",
        "好了",
        "谢谢",
        "12",
        "12 谢谢",
        "88",
        "6啊",
        "666",
        "101的邻居在吗",
        "502快递到了",
        "小明接了3个单子",
        "3个月了还没到货",
        "拼多多砍一刀，还差1个人",
        "第8集弄得好搞笑",
        "8号技师弄得好舒服",
        "15号之前交完，谢谢",
        "20 还没到手",
        "投票选3号，快点",
        "2号选手棒",
    ];
    let rows: Vec<_> = talk.iter().map(|text| (*text, "-")).collect();
    check(Role::Resident, By::Group, &rows);
}
