using Platz.Core.Identity;
using static Platz.Core.Identity.Standing;

namespace Platz.Tests.Core.Identity;

/// <summary>The table of contract 3 and 2.4, cell by cell, written down a second time.</summary>
public sealed class AccessTests
{
    private const string Columns = """
                                 None Deployment Member Maintainer Owner EnvAdmin SiteAdmin
        See                      -    yes        yes    yes        yes   yes      yes
        CreateDeployment         -    -          -      -          yes   yes      yes
        EditDeployment           -    -          -      yes        yes   yes      yes
        ReadValuesOverride       -    -          -      -          yes   yes      yes
        EditValuesOverride       -    -          -      -          yes   yes      yes
        EnableOrDisable          -    -          -      -          yes   yes      yes
        DeleteDeployment         -    -          -      -          yes   yes      yes
        InvokeMaintainerAction   -    yes        -      yes        yes   yes      yes
        InvokeOwnerAction        -    -          -      -          yes   yes      yes
        RestartResource          -    -          -      yes        yes   yes      yes
        CancelTask               -    -          -      yes        yes   yes      yes
        EditSecrets              -    -          -      -          -     yes      yes
        EditEnv                  -    -          -      -          -     -        yes
        EditSite                 -    -          -      -          -     -        yes
        ReadMembers              -    -          yes    yes        yes   yes      yes
        EditMembers              -    -          -      -          -     yes      yes
        EditPeople               -    -          -      -          -     -        yes
        ReadAudit                -    -          -      -          -     yes      yes
        """;

    public static TheoryData<Standing, Permission, bool> Cells()
    {
        var cells = new TheoryData<Standing, Permission, bool>();
        var lines = Columns.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var row in lines.Skip(1))
        {
            for (var i = 1; i < row.Length; i++)
            {
                cells.Add(Enum.Parse<Standing>(lines[0][i - 1]), Enum.Parse<Permission>(row[0]), row[i] is "yes");
            }
        }

        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    public void Allows_what_the_table_says(Standing standing, Permission permission, bool allowed) =>
        Assert.Equal(allowed, standing.Allows(permission));

    [Fact]
    public void The_table_names_every_standing_and_permission() =>
        Assert.Equal(Enum.GetValues<Standing>().Length * Enum.GetValues<Permission>().Length, Cells().Count);

    [Fact]
    public void A_role_counts_in_its_env_and_for_its_kind_alone()
    {
        var (env, other, kind, otherKind) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var grants = Grants.None with { Kinds = [new KindGrant(env, kind, KindRole.Owner)] };
        Assert.Equal(Owner, grants.In(env, kind));
        Assert.Equal(Member, grants.In(env, otherKind));
        Assert.Equal(Member, grants.In(env, null));
        Assert.Equal(None, grants.In(other, kind));
        Assert.Equal(None, grants.In(null, kind));
        Assert.Equal([env], grants.Visible!);
    }

    [Fact]
    public void The_credentials_of_a_deployment_hold_in_its_own_env()
    {
        var env = Guid.NewGuid();
        var grants = Grants.None with { OwnEnv = env };
        Assert.Equal(Deployment, grants.In(env, Guid.NewGuid()));
        Assert.Equal(None, grants.In(Guid.NewGuid(), Guid.NewGuid()));
        Assert.Equal(None, grants.In(null, null));
    }
}
