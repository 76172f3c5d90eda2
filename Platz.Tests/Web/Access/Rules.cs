namespace Platz.Tests.Web.Access;

/// <summary>What something needs: a column of <see cref="Rules"/>.</summary>
public enum Rule
{
    /// <summary>Nothing, not even to be somebody.</summary>
    Any,

    /// <summary>To be somebody, in no env even.</summary>
    Known,

    /// <summary>To be a person: what is their own.</summary>
    Person,

    /// <summary>To be in some env.</summary>
    Somewhere,

    /// <summary>To be in the env: the list has it in it.</summary>
    List,

    /// <summary>To be in the env: it is there.</summary>
    See,

    /// <summary>As List, of an override.</summary>
    Reveals,

    /// <summary>As See, of an override.</summary>
    Reveal,

    /// <summary>As List, of people and bots.</summary>
    Faces,

    /// <summary>As See, of people and bots.</summary>
    Face,

    /// <summary>To be somebody else's: what a person keeps to themselves.</summary>
    Theirs,

    /// <summary>To be in the env, and to name its cluster.</summary>
    Place,

    /// <summary>Owner, and to name a cluster of the env.</summary>
    Create,

    /// <summary>An action of the chart for Maintainers.</summary>
    Invoke,
    Maintain,

    /// <summary>As Invoke: it is offered.</summary>
    Offers,

    /// <summary>As Maintain, of whatever a filter lets through.</summary>
    Bulk,
    Own,
    Admin,

    /// <summary>As Admin, of somebody's role.</summary>
    Dismiss,

    /// <summary>To be an Admin, of this env or of another: the list has in it what concerns this one.</summary>
    Trail,

    /// <summary>A site admin, of what is in an env.</summary>
    SiteIn,
    Site,

    /// <summary>To make a token for oneself that may do whatever one may.</summary>
    Mint,
}

/// <summary>
/// The table: + where it is done, 0 where it is done and nothing of it is to be seen, else the status of the refusal.
/// </summary>
internal static class Rules
{
    private const string Reads = """
                   Any  Known  Person  Somewhere  List  See  Reveals  Reveal  Faces  Face  Theirs  Place
        Nobody     +    401    401     401        401   401  401      401     401    401   401     401
        Ended      +    401    401     401        401   401  401      401     401    401   401     401
        Inactive   +    401    401     401        401   401  401      401     401    401   401     401
        Stranger   +    +      +       0          0     404  0        404     0      404   404     422
        Elsewhere  +    +      +       +          0     404  0        404     0      404   404     422
        Member     +    +      +       +          +     +    0        0       +      +     404     +
        Other      +    +      +       +          +     +    0        0       +      +     404     +
        Maintainer +    +      +       +          +     +    0        0       +      +     404     +
        Owner      +    +      +       +          +     +    +        +       +      +     404     +
        Admin      +    +      +       +          +     +    +        +       +      +     404     +
        Site       +    +      +       +          +     +    +        +       +      +     +       +
        Idle       +    +      403     0          0     404  0        404     0      404   404     422
        Ci         +    +      403     +          +     +    0        0       +      +     404     +
        Capped     +    +      +       +          +     +    0        0       +      +     404     +
        Away       +    +      +       +          0     404  0        404     0      404   404     422
        Reader     +    +      +       +          +     +    0        0       +      +     404     +
        Shop       +    +      403     +          +     +    0        0       0      404   404     +
        """;

    private const string Changes = """
                   Create  Invoke  Offers  Maintain  Bulk  Own  Admin  Dismiss  SiteIn  Site  Mint  Trail
        Nobody     401     401     401     401       401   401  401    401      401     401   401   401
        Ended      401     401     401     401       401   401  401    401      401     401   401   401
        Inactive   401     401     401     401       401   401  401    401      401     401   401   401
        Stranger   422     404     0       404       0     404  404    404      404     403   +     403
        Elsewhere  422     404     0       404       0     404  404    404      404     403   +     0
        Member     403     403     0       403       0     403  403    403      403     403   +     403
        Other      403     403     0       403       0     403  403    403      403     403   +     403
        Maintainer 403     +       +       +         +     403  403    403      403     403   +     403
        Owner      +       +       +       +         +     +    403    403      403     403   +     403
        Admin      +       +       +       +         +     +    +      +        403     403   +     +
        Site       +       +       +       +         +     +    +      +        +       +     +     +
        Idle       422     404     0       404       0     404  404    404      404     403   403   403
        Ci         403     +       +       +         +     403  403    403      403     403   403   403
        Capped     403     +       +       +         +     403  403    403      403     403   403   403
        Away       422     404     0       404       0     404  404    404      404     403   403   0
        Reader     403     403     0       403       0     403  403    403      403     403   403   403
        Shop       403     +       +       403       0     403  403    404      403     403   403   403
        """;

    public const string Done = "+";
    public const string Nothing = "0";

    private static readonly Dictionary<(Who, Rule), string> s_cells = Cells(Reads).Concat(Cells(Changes)).ToDictionary();

    public static int Count => s_cells.Count;

    public static string Answer(Who who, Rule rule) => s_cells[(who, rule)];

    private static IEnumerable<KeyValuePair<(Who, Rule), string>> Cells(string table)
    {
        var lines = table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        return from line in lines.Skip(1)
               from cell in line.Skip(1).Index()
               select KeyValuePair.Create((Enum.Parse<Who>(line[0]), Enum.Parse<Rule>(lines[0][cell.Index])), cell.Item);
    }
}
