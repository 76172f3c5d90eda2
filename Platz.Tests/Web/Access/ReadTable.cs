using Platz.Core.Activity;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Jump;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using static Platz.Tests.Web.Access.Command;
using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <summary>What Core reads for somebody.</summary>
internal static class ReadTable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static IEnumerable<Command> All =>
    [
        Of<EnvLookup>(List, "List", (l, w, a) => l.OfAsync(a, Cancel)) with
        {
            Shows = (w, envs) => ((List<Env>)envs).Exists(e => e.Id == w.Env.Id),
        },
        Of<EnvChoices>(List, "List", (c, w, a) => c.OfAsync(a, null, Cancel)) with
        {
            Shows = (w, envs) => ((IReadOnlyList<EnvChoice>)envs).Any(e => e.Id == w.Env.Id),
        },
        Of<Pulses>(List, "Pulse", (p, w, a) => p.OfAllAsync(a, Cancel)) with { Shows = (_, pulse) => pulse is Pulse.Running },
        Of<JumpSearch>(List, "JumpResults", (s, w, a) => s.FindAsync(a, "shop", Cancel)) with
        {
            Shows = (w, found) => ((JumpResults)found).Deployments.Any(d => d.Id == w.Shop.Id),
        },
        Of<DeploymentRights>(List, "Standing", (r, w, a) => r.OfAsync(a, w.Env.Id, w.Web.Id, Cancel)) with
        {
            Shows = (_, standing) => standing is not Standing.None,
        },
        Of<DeploymentRights>(List, "Grants", (r, w, a) => r.GrantsAsync(a, Cancel)) with
        {
            Shows = (w, grants) => ((Grants)grants).Visible?.Contains(w.Env.Id) is not false,
        },
        Of<ActivityReads>(List, "ActivityScope", (r, w, a) => r.ScopeAsync(a, null, Cancel)) with
        {
            Shows = (w, scope) => ((ActivityScope)scope).EnvNames.ContainsKey(w.Env.Id),
        },
        Of<TaskComparison>(See, "ComparedTasks", (c, w, a) => c.ReadAsync(w.Shop.Id, w.Done, w.Failed, a, Cancel)),
        Of<TaskRepeats>(See, "RepeatPreview", (r, w, a) => r.PreviewAsync(Repeat.Rollback, w.Done, a, Cancel)),
        Of<TaskQueue>(Maintain, "null", (q, w, a) => q.CancelRefusalAsync(w.Pending, a, Cancel)),
        Of<ManagedResources>(Any, "ManagedResource", // of an env that the page has asked for
            (r, w, a) => r.OneAsync(w.Env.Id, w.DatabaseType, w.Database, a, Cancel)),
        Of<ManagedResources>(Offers, "List", (r, w, a) => r.HostsAsync(w.Env.Id, w.Databases, a, Cancel)) with
        {
            Shows = (w, hosts) => ((IReadOnlyList<ResourceHost>)hosts).Any(h => h.Deployment.Id == w.Shop.Id),
        },
        Of<MemberLists>(List, "List", (l, w, a) => l.CandidatesAsync("Zoe", a, Cancel)) with
        {
            Shows = (w, people) => ((List<RoleHolder>)people).Exists(p => p.Who.Id == w.Zoe.Id && p.Email is not null),
        },
    ];
}
