using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Resources;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Managed;

/// <summary>What deployments manage for others is changed by no task: the audit trail tells who asked for what.</summary>
public sealed class ManagedAuditTests(PostgresServer postgres) : ManagedTest(postgres)
{
    [Fact]
    public async Task Who_makes_changes_and_deletes_a_resource_is_told_and_nothing_that_stands_in_it()
    {
        var id = await AddAsync();
        await EndAsync(id);
        Assert.IsType<ResourceResult.Saved>(await Editor.UpdateAsync(
            id, "orders-2", new() { ["password"] = "open-sesame-4711" }, seen: null, Alice, Cancel));
        await EndAsync(id);
        Assert.IsType<ResourceResult.Conflict>(await Editor.UpdateAsync(id, "orders-3", null, seen: 1, Alice, Cancel));
        Assert.IsType<ResourceResult.Saved>(await Editor.DeleteAsync(id, Alice, Cancel));

        await using var db = await DbAsync();
        var told = await db.Set<AuditEvent>().Where(e => e.SubjectId == id).OrderBy(e => e.Seq).ToListAsync(Cancel);

        Assert.Equal(
            [
                """Resource.Created orders {"type":"Database"}""",
                """Resource.Changed orders-2 {"type":"Database","changed":["name","props"]}""",
                """Resource.Deleted orders-2 {"type":"Database"}""",
            ],
            told.Select(e => $"{e.Action} {e.SubjectName} {e.Detail.ToJsonString()}"));
        Assert.All(told, e => Assert.Equal((Alice.Id, Env.Id, "resource"), (e.ActorId, e.EnvId, e.SubjectKind)));
    }
}
