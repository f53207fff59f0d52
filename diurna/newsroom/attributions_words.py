"""The words by which `attributions` goes: English verbs of saying, and who says. Pure."""

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _forms(bases: str) -> frozenset[str]:
    """The present and past of regular verbs: "claim", "claims", "claimed"."""
    made: set[str] = set()
    for base in bases.split():
        stem = base[:-1] if base.endswith("e") else base
        if base.endswith("y") and base[-2] not in "aeou":
            made |= {base, f"{base[:-1]}ies", f"{base[:-1]}ied"}
        elif base.endswith(("s", "sh", "ch", "x")):
            made |= {base, f"{base}es", f"{base}ed"}
        else:
            made |= {base, f"{base}s", f"{stem}ed"}
    return frozenset(made)


# They are said of a claim where "that" follows, or a quotation.
WITH_THAT: Final = _forms(
    "accept acknowledge add advise affirm agree allege announce answer anticipate argue"
    " ascertain assert assess assume assure attest aver avow believe boast brag calculate"
    " caution certify claim comment complain concede conclude confess confide confirm"
    " conjecture consider contend counter declare decree deduce demand demonstrate deny detail"
    " determine disclose discover divulge doubt emphasise emphasize estimate expect explain"
    " fear foresee gloat grumble guarantee guess hint hope imply indicate inform insinuate"
    " insist intimate joke judge lament maintain mention moan muse note notify object observe"
    " opine plead pledge posit predict proclaim profess promise pronounce propose protest quip"
    " reason reassure recall reckon recommend recount reiterate relate relay remark remind"
    " repeat reply report respond retort reveal rule signal state stipulate stress suggest"
    " surmise suspect testify theorise theorize threaten underline underscore urge verify vow"
    " warn whisper worry yell shout tweet post record rumour"
) | _set(
    "said says say wrote writes write held holds hold swore sworn swears found finds find"
    " felt feels heard hears thought thinks told tells tell submitted submits submit admitted"
    " admits admit point pointed points forecast forecasts understood understands saw sees"
    " knew meant put"
)
# Said of a claim, with or without a quotation.
CLAIM: Final = _set(
    "said says say saying added adds adding wrote writes writing tweeted tweets argued argues"
    " arguing claimed claims claiming confirmed confirms confirming announced announces"
    " announcing stated states insisted insists insisting warned warns warning explained"
    " explains explaining acknowledged acknowledges acknowledging admitted admits admitting"
    " alleged alleges alleging asserted asserts asserting declared declares denied denies"
    " denying revealed reveals testified testifies remarked remarks conceded concedes"
    " conceding contended contends disclosed discloses estimated estimates complained"
    " complains maintained maintains concluded concludes boasted hinted pledged stressed"
    " stresses reiterated cautioned cautions reckons reckoned emphasised emphasized suggested"
    " suggests noted notes noting recalled recalls vowed promised believes believe replied"
    " responded countered quipped joked predicts predicted commented posted mused pleaded"
    " protested observed observes urged blamed accused described describes told tells claim"
    " deny warn insist argue estimate acknowledge maintain testify swore apologised apologized"
    " briefed called calls advised praised criticised criticized condemned dismissed rejected"
    " welcomed thanked expressed ruled suspects doubts answered continued repeated accepts"
    " accepted agrees agreed fears feared hopes hoped submitted assured assures expects expect"
    " expected threatened thinks think reasons reasoned guesses guessed swears figures attests"
    " attested demanded demands instructed lamented laments echoed echoes opined attributes"
    " attributed credits credited cites cited heard hear hears learned learnt understands"
    " forecasts forecast projects projected anticipates confessed confesses contend attest"
    " assert concede allege predict complain boast confided boasts ventured allowed speculated"
    " speculates theorised conjectured informed notified reassured assure advise recommends"
    " recommended proposes proposed disagree disagrees disagreed remember"
)
# Hardly ever said of anything but a claim; any subject will do.
STRONG: Final = _set(
    "said says insisted insists argued argues alleges testified testifies asserted asserts"
    " acknowledged acknowledges contended contends conceded concedes warned warns complained"
    " complains denied denies admitted admits predicted predicts explained explains remarked"
    " maintained maintains insist argue testify acknowledge warn hinted boasted quipped"
    " disagree disagrees disagreed"
)
# They take "that" or "to", or they say something else.
ONLY_WITH_THAT: Final = _set(
    "accepts accepted agrees agreed fears feared hopes hoped submitted assured assures thinks"
    " think reasons reasoned guesses guessed figures heard hear hears learned learnt"
    " understands believe believes suspects doubts attests attested expects expect claim deny"
    " maintain estimate anticipates announced announces instructed demanded demands projects"
    " projected states stated noted notes added adds concluded concludes confirmed confirms"
    " suggested suggests revealed reveals stressed stresses recalled recalls disclosed"
    " discloses"
)
SIGNS: Final = _set(
    "sign signs board notice plaque banner label poster placard sticker clock meter packet"
    " tin box bottle menu ticket packaging calendar door recipe song lyric proverb saying rule"
)
PREPOSITIONS: Final = _set("on in about over with for against into at by of up out off from")
THINKS: Final = _set(
    "reckon reckons assume assumes believe believes expect expects think thinks suspect"
    " suspects fear fears"
)
PROMISES: Final = _set("promised vowed pledged threatened promises vows pledges")
NEGATIONS: Final = _set(
    "not never nobody no didn't doesn't don't can't cannot couldn't won't without nothing"
)
# With a quotation beside it, these are enough; without, they say too many other things.
ONLY_WITH_QUOTATION: Final = _set(
    "called calls posted answered continued repeated observed observes urged mused pleaded"
    " protested quipped joked praised criticised criticized condemned dismissed rejected"
    " welcomed thanked expressed ruled described describes recalled recalls commented remarks"
    " replied responded advised swore blamed apologised apologized read reads countered asked"
    " asks branded brands likened compared likens thundered dubbed labelled labeled shouted"
    " whispered wrote put puts chanted demanded"
)
PASSIVE: Final = _set(
    "is are was were be been being am get got gets gotten isn't aren't wasn't weren't getting"
)
AUXILIARY: Final = _set(
    "has have had would will could did does do may might must should can not never also later"
    " then since still now once again always often only simply merely further recently"
    " previously initially first himself herself themselves both all"
)
PRONOUNS: Final = _set("he she they it we i you who one others some many several most nobody")
DETERMINERS: Final = _set(
    "the a an this that these those his her its their our my your no any each every another both"
)
SPEAKERS: Final = _set(
    "police officials prosecutors investigators doctors residents campaigners critics experts"
    " analysts economists scientists researchers ministers lawyers witnesses neighbours"
    " neighbors organisers organizers owners teachers unions firefighters councillors"
    " lawmakers aides authorities staff workers relatives friends parents supporters opponents"
    " sources people spokesman spokeswoman spokesperson source official officer minister mayor"
    " president chairman chairwoman chair director manager owner captain doctor professor"
    " judge lawyer solicitor prosecutor witness resident neighbour neighbor teacher councillor"
    " union council ministry company firm agency department hospital university museum court"
    " committee commission board charity government office bureau authority club school bank"
    " trust group party operator regulator watchdog ombudsman coroner inspector inspectors"
    " engineer engineers farmer farmers driver player coach secretary head leader editor"
    " author founder economist analyst scientist researcher expert historian archaeologist"
    " surveyor harbourmaster landlord tenant tenants passengers passenger customer customers"
    " mother father daughter son wife husband brother sister uncle aunt grandmother"
    " grandfather widow man woman boy girl couple family deputy commander sergeant detective"
    " constable chief filing report statement letter documents document lawsuit indictment"
    " complaint study survey memo notice email emails post ruling judgment judgement audit"
    " review inquiry papers records minutes release paper newspaper magazine broadcaster"
    " station website site wire insiders diplomats diplomat ambassador envoy adviser advisers"
    " advisors bosses employees nurses nurse medics medic pilot pilots skipper skippers"
    " fishermen traders shopkeepers landlords students pupils volunteers volunteer activists"
    " activist lobby groups association federation society institute centre center foundation"
    " newsroom forecasters forecaster meteorologists rescuers spectators fans player's"
    " retailer airline carrier insurer supplier manufacturer maker brand bank's charity's"
    " senators senator deputies parliamentarian curator conductor novelist playwright actor"
    " actress striker goalkeeper referee midfielder trainer physiotherapist chef grower"
    " growers brewer lecturers lecturer biologist physicist astronomer geologist"
    " epidemiologist virologist psychologist sociologist palaeontologist team family's"
    " plaintiff plaintiffs defendant victim victims survivors survivor suspect defence"
    " prosecution barrister attorney magistrate kremlin treasury cabinet administration"
    " embassy consulate ngo ngos coalition alliance sides parties rebels rebel militants"
    " insurgents troops army navy soldiers separatists guard guards pupil mechanic fisherman"
    " shepherd priest bishop archbishop vicar rabbi imam monk nun pastor cardinal pope king"
    " queen prince princess general colonel major corporal lieutenant admiral marshal warden"
    " ranger gardener caretaker janitor cleaner cleaners waiter waitress presenter commentator"
    " pundit columnist blogger developer builder contractor architect planner agent broker"
    " dealer trader banker lender liquidator receiver administrator trustee trustees governor"
    " premier chancellor rector dean provost conservator keeper beekeeper baker butcher miller"
    " vintner winemaker publican grocer wholesaler shipper haulier courier postman cyclist"
    " motorist commuter commuters pensioner pensioners migrant migrants refugee refugees"
    " prisoner prisoners inmate inmates parishioners worshippers pilgrims tourist tourists"
    " visitor visitors guest guests diner diners reviewer reviewers critic judges jurors juror"
    " translator biographer singer drummer guitarist producer screenwriter painter sculptor"
    " collector auctioneer gallery theatre orchestra festival organiser organizer promoter"
    " sponsor league champion rival rivals teammate teammates winger keeper's jockey rider"
    " umpire manager's boss owner's franchise"
)
OBJECTS_NOT_CLAIMS: Final = _set("joke jokes story stories lie lies tale tales truth time fib yarn")
NOT_ACCORDING: Final = _set(
    "plan plans schedule size custom tradition taste need needs age height rank weight colour"
    " color ability means merit type law rules rule recipe instructions instruction alphabet"
    " season demand usage price length value order protocol seniority preference timetable"
    " circumstances weather tide budget form circumstance script habit scheme system method"
    " principle pattern direction directions"
)
FINDINGS: Final = _set(
    "figures data statistics numbers records documents document filings filing minutes emails"
    " study studies survey surveys poll polls polling report reports analysis research census"
    " audit review investigation inquiry papers accounts letters letter memo memos modelling"
    " estimates estimate images photographs photos footage recordings transcripts receipts"
    " invoices readings measurements tests calculations registers register database"
    " spreadsheet contracts paperwork lawsuit indictment findings ledger ledgers logs log"
    " messages correspondence forecast forecasts model samples results assessment paper"
    " entries simulation projections evidence cctv video videos scan scans autopsy postmortem"
    " trial trials experiment experiments tracker index barometer dataset maps map sensors"
    " sensor gauges gauge imagery bulletin archives archive diaries diary certificate"
    " certificates manifest catalogue simulations x-rays x-ray count counts tally contract"
    " agreement statute statutes constitution ruling judgment judgement website brochure"
    " tables table section clause article inscription chart charts graph graphs log's"
)
STUDENTS: Final = _set(
    "researchers scientists academics auditors inspectors investigators economists analysts"
    " inquiry commission committee institute university regulator ombudsman watchdog court"
    " jury"
)
SHOW: Final = _set(
    "show shows showed shown find finds found suggest suggests suggested indicate indicates"
    " indicated reveal reveals revealed say says said estimate estimates estimated conclude"
    " concludes concluded warn warns warned puts put confirm confirms confirmed state states"
    " stated suggesting showing finding indicating revealing uncovered highlights highlighted"
    " describe describes described alleges alleged claims lists listed records recorded record"
    " point pointed points forecasts forecast predicts predicted projects projected"
    " established establishes identified identifies counts counted mentions names defines"
    " details detailed documents documented notes noted contains flags flagged"
)
NOT_A_CLAIM_AFTER: Final = _set("goodbye hello farewell nothing yes no sorry grace thanks hi so")
REPORTED_OTHER: Final = _set(
    "for stolen missing to sick absent back directly him her them it himself herself crime"
    " crimes dead lost late ill in by faults fault profits losses revenue earnings"
)
REPORT_CLAUSES: Final = _set(
    "that on in a an the its last yesterday today this there it at no more two three four"
    " five six seven eight nine ten early late hundreds thousands dozens"
)
# Who speaks in a work, and what does not speak at all.
NOT_SPEAKERS: Final = _set(
    "narrator hero heroine protagonist antihero chorus ghost villain proverb adage saying nobody"
)
# Verbs that say something of somebody by naming or likening.
CALLS: Final = _set(
    "call calls called describe describes described brand brands branded label labels"
    " labelled labeled dub dubs dubbed liken likens likened hail hails hailed compares"
    " compared deem deems deemed see sees view views regard regards regarded"
)
# With an object they are speech: somebody accuses, denies, praises.
WITH_OBJECT: Final = _set(
    "accuses accused accuse blames blamed blame denies denied condemns condemned criticises"
    " criticised criticizes criticized praises praised ridiculed ridicules disputes disputed"
    " rejects rejected dismisses dismissed rebuts rebutted denounces denounced defended"
    " defends hailed hails cites cited alleges alleged claims claimed announces announced"
    " reveals revealed discloses disclosed acknowledges acknowledged admits admitted predicts"
    " predicted forecasts forecast deplored deplores lamented laments mocked mocks questioned"
    " remember remembers remembered deny"
)
# What is announced, reported or admitted when it is a claim and no act.
ABOUT_CLAIMS: Final = _set(
    "profit profits loss losses revenue revenues earnings sales turnover rise fall drop"
    " increase decrease decline surge growth delays delay mistakes mistake errors error"
    " failings failures cuts closure closures plans plan wrongdoing breach cases deaths"
    " shortages shortage problems results figures seizing finding difficulties damage injuries"
    " casualties outbreak outbreaks liability responsibility negligence blame fault"
)
CLAIMED_THINGS: Final = _set(
    "pension title titles life lives prize victory benefits refund refunds compensation seat"
    " crown medal gold silver bronze win ground throne wicket wickets expenses asylum point"
    " points place damages insurance allowance inheritance territory tax"
)
# Which preposition makes speech of a verb.
WITH_PREPOSITION: Final = {
    **dict.fromkeys(("complain", "complains", "complained"), frozenset({"of", "about", "to"})),
    **dict.fromkeys(("warn", "warns", "warned"), frozenset({"of", "about", "against"})),
    **dict.fromkeys(("advise", "advises", "advised"), frozenset({"against"})),
    **dict.fromkeys(("hint", "hints", "hinted"), frozenset({"at"})),
    **dict.fromkeys(("boasts", "boasted"), frozenset({"of", "about"})),
    **dict.fromkeys(("speaks", "spoke"), frozenset({"of"})),
    **dict.fromkeys(("apologised", "apologized"), frozenset({"for", "to"})),
    **dict.fromkeys(
        ("recalls", "recalled", "describes", "described", "remembers", "remembered"),
        frozenset(
            "seeing hearing being having feeling finding sleeping going living standing waiting"
            " watching running walking working falling meeting getting losing".split()
        ),
    ),
    **dict.fromkeys(("pointed", "points"), frozenset({"to"})),
    **dict.fromkeys(("claim", "claims", "claimed"), frozenset({"to"})),
    **dict.fromkeys(("objects", "objected"), frozenset({"to"})),
    **dict.fromkeys(("calls", "called"), frozenset({"for", "on"})),
}
SAYING: Final = _set(
    "saying adding writing arguing claiming insisting warning explaining noting alleging"
    " announcing confirming asserting acknowledging admitting telling stressing suggesting"
    " complaining stating calling describing branding dubbing accusing blaming denouncing"
    " denying rejecting dismissing predicting promising vowing pledging threatening"
)
# Their bare form after "can" or "should" says what nobody has said.
BASE_SAYING: Final = _set(
    "say claim argue deny tell insist maintain estimate admit acknowledge swear"
)
MODALS: Final = _set("can could should must might may cannot")
# Researchers do it; others find keys.
DISCOVER: Final = _set(
    "found discovered calculated estimated measured identified observed determined"
    " established uncovered detected demonstrated"
)
EXPECTERS: Final = _set(
    "forecasters economists analysts officials experts scientists researchers meteorologists"
    " traders investors ministers doctors police organisers organizers company firm ministry"
    " agency bank government council"
)
# "Called" of these is an act.
CALLED_ACTS: Final = _set(
    "strike election elections meeting vote referendum halt ballot press ambulance summit truce"
)
# Who publishes news; those with a second sense count only with a capital.
OUTLETS: Final = _set(
    "newspaper newspapers daily weekly monthly broadcaster tabloid magazine magazines media"
    " agencies website blog podcast documentary journal journals correspondent gazette tribune"
)
OUTLETS_WITH_CAPITAL: Final = _set(
    "post times echo courier herald bulletin ledger star mail observer chronicle wire news"
    " radio television tv telegraph standard guardian sun express mirror press journal review"
    " record dispatch examiner enquirer argus advertiser"
)
PUBLISHES: Final = _set(
    "published publishes printed prints carried carries ran runs put puts gave gives called"
    " calls names named wrote writes revealed reveals aired broadcast uncovered learned learnt"
    " understands listed lists broke quoted quotes cited cites claims claimed described"
    " describes says said"
)
FINITE: Final = _set("is are was were will would has have had can could should must may might")
COUNTS: Final = _set(
    "no dozens hundreds thousands scores several many more fewer rising falling record two"
    " three four five six seven eight nine ten"
)
# Words for people by their ending, and those that only look like them.
PEOPLE_ENDINGS: Final = (
    "ists",
    "ist",
    "ians",
    "ian",
    "eers",
    "men",
    "women",
    "man",
    "woman",
    "ers",
)
NOT_PEOPLE: Final = _set(
    "list lists mist twist fist waist others letters papers numbers rivers waters orders"
    " offers matters members' figures quarters computers powers towers servers covers layers"
    " prayers borders buyers' winters summers timbers trailers boosters headers folders"
    " containers specimen omen german human roman airliners tankers trawlers freighters"
    " posters stickers newspapers genders feathers fingers flowers showers shutters corners"
    " centers theaters meters ladders hammers chapters pointers"
)
