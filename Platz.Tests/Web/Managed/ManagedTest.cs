using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Tests.Support;
using Platz.Web.Managed;

namespace Platz.Tests.Web.Managed;

/// <summary>An env where a deployment, <see cref="Provider"/>, manages databases.</summary>
public abstract class ManagedTest(PostgresServer postgres) : PageTest(postgres)
{
    private Guid _typeId;

    protected Deployment Provider { get; private set; } = null!;

    protected IRenderedComponent<MudDialogProvider> Dialogs { get; private set; } = null!;

    protected IRenderedComponent<MudSnackbarProvider> Snackbar { get; private set; } = null!;

    protected DeploymentResourceEditor Editor => Services.GetRequiredService<DeploymentResourceEditor>();

    protected string Address => Page.Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Page.Render<MudPopoverProvider>();
        Dialogs = Page.Render<MudDialogProvider>();
        Snackbar = Page.Render<MudSnackbarProvider>();
        Provider = await AddDeploymentAsync("provider");
        await using var db = await DbAsync();
        _typeId = await ManagedDatabases.InstallAsync(db, Env.Id, Provider, await EnqueueAsync(Provider), Cancel);
    }

    protected async Task<Guid> AddAsync(string name = "orders") => Assert.IsType<ResourceResult.Saved>(
        await Editor.CreateAsync(
            new NewResource(_typeId, Provider.Id, name, new() { ["owner"] = "alice", ["password"] = "hush-hush" }), Alice, Cancel)).Id;

    protected async Task<DeploymentResource> ReadAsync(Guid id)
    {
        await using var db = await DbAsync();
        return await db.Resources.AsNoTracking().SingleAsync(r => r.Id == id, Cancel);
    }

    /// <summary>As a runner leaves it when its call has ended.</summary>
    protected async Task EndAsync(Guid id, ResourceSyncStatus? failed = null, string? reason = null)
    {
        await using var db = await DbAsync();
        await db.Resources.Where(r => r.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.SyncStatus, failed is null ? ResourceSyncStatus.Ready : ResourceSyncStatus.Error)
            .SetProperty(r => r.FailedSync, failed).SetProperty(r => r.SyncReason, reason)
            .SetProperty(r => r.SyncAt, (DateTimeOffset?)null), Cancel);
    }

    protected async Task<Deployment> UseAsync(Guid id)
    {
        var user = await AddDeploymentAsync("user");
        await using var db = await DbAsync();
        db.Add(new DeploymentDependency { DeploymentId = user.Id, Kind = DependencyKind.Resource, TargetId = id });
        await db.SaveChangesAsync(Cancel);
        return user;
    }

    /// <summary>Alice has this role for the kind from now on, and no other.</summary>
    protected async Task MakeAliceAsync(KindRole role)
    {
        await MakeAliceAsync(EnvRole.User);
        await using var db = await DbAsync();
        db.Add(new DeploymentPermission { EnvId = Env.Id, UserId = Alice.Id, KindId = Kind.Id, Role = role });
        await db.SaveChangesAsync(Cancel);
    }

    protected IRenderedComponent<ManagedTypePage> OpenType() =>
        Page.Render<ManagedTypePage>(p => p.Add(t => t.Env, Env.Name).Add(t => t.Type, "database"));

    protected IRenderedComponent<ManagedResourcePage> OpenOne(Guid id) => Page.Render<ManagedResourcePage>(
        p => p.Add(t => t.Env, Env.Name).Add(t => t.Type, "database").Add(t => t.Id, id.ToString()));

    protected async Task PressInDialogAsync(string text)
    {
        Dialogs.WaitForAssertion(() => Assert.Contains(
            text, Dialogs.FindAll("button").Select(b => b.TextContent.Trim())), Patience);
        await PressAsync(Dialogs, text);
    }
}
