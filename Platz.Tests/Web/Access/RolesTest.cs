using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Access;

/// <summary>A test with one of everything that there is to ask for, and everybody who may ask.</summary>
public abstract class RolesTest(PostgresServer postgres) : PageTest(postgres)
{
    protected World World { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        World = new World
        {
            Services = Services,
            Env = Env,
            Cluster = Cluster,
            Web = Kind,
            Registry = Registry,
            Chart = Chart,
            Shop = await AddDeploymentAsync("shop"),
            Client = await AddDeploymentAsync("client"),
        };
        await using var db = await DbAsync();
        await AddPeopleAsync(db);
        await AddTasksAsync(db);
        await AddThingsAsync(db);
        await RestoreAsync();
    }

    /// <summary>Puts back what whoever may has taken away.</summary>
    protected async Task RestoreAsync()
    {
        await ExecuteAsync($"""
            INSERT INTO env_user_permissions (id, env_id, user_id, bot_id, role) VALUES
                ('{World.Zoe.EnvRole}', '{Env.Id}', '{World.Zoe.Id}', NULL, 'User'),
                ('{World.Helper.EnvRole}', '{Env.Id}', NULL, '{World.Helper.Id}', 'User') ON CONFLICT DO NOTHING;
            INSERT INTO deployment_permissions (id, env_id, kind_id, user_id, bot_id, role) VALUES
                ('{World.Zoe.KindRole}', '{Env.Id}', '{Kind.Id}', '{World.Zoe.Id}', NULL, 'Maintainer'),
                ('{World.Helper.KindRole}', '{Env.Id}', '{Kind.Id}', NULL, '{World.Helper.Id}', 'Maintainer') ON CONFLICT DO NOTHING;
            UPDATE bots SET deleted_at = NULL WHERE id = '{World.Spare}';
            UPDATE api_tokens SET revoked_at = NULL WHERE id IN ('{World.Zoe.Token}', '{World.Helper.Token}');
            INSERT INTO helm_tag_formats (id, pattern) VALUES ('{World.TagFormat}', '(?<version>.+)') ON CONFLICT DO NOTHING;
            """);
        await using var db = await DbAsync();
        if (!await db.Tasks.AnyAsync(t => t.Status == DeploymentTaskStatus.Pending, Cancel))
        {
            World.Pending = await EnqueueAsync(World.Client);
        }
    }

    private async Task AddPeopleAsync(PlatzDb db)
    {
        db.AddRange(World.Stage, World.Worker);
        db.Add(new User { Id = World.Zoe.Id, DisplayName = "Zoe", Email = "zoe@example.org" });
        db.AddRange(
            new Bot { Id = World.Helper.Id, DisplayName = "helper" },
            new Bot { Id = World.Spare, DisplayName = "spare" });
        foreach (var who in Enum.GetValues<Who>())
        {
            World.People[who] = who switch
            {
                Who.Idle or Who.Ci => AddBot(who),
                Who.Capped => World.People[Who.Site] with { Scope = TokenScope.Of([Env.Id], ScopeRole.Maintainer) },
                Who.Away => World.People[Who.Site] with { Scope = TokenScope.Of([World.Stage.Id], most: null) },
                Who.Reader => World.People[Who.Owner] with { Scope = TokenScope.Of(envIds: null, ScopeRole.User) },
                Who.Shop => new Actor.Deployment(World.Shop.Id, "shop"),
                _ => AddUser(who),
            };
        }

        await db.SaveChangesAsync(Cancel);
        Give(Who.Elsewhere, World.Stage, EnvRole.Admin, World.Web, KindRole.Owner);
        Give(Who.Member, Env, EnvRole.User);
        Give(Who.Other, Env, EnvRole.User, World.Worker, KindRole.Maintainer);
        Give(Who.Maintainer, Env, EnvRole.User, World.Web, KindRole.Maintainer);
        Give(Who.Owner, Env, EnvRole.User, World.Web, KindRole.Owner);
        Give(Who.Admin, Env, EnvRole.Admin);
        Give(Who.Ci, Env, env: null, World.Web, KindRole.Maintainer);
        await db.SaveChangesAsync(Cancel);
        var tokens = Services.GetRequiredService<TokenEditor>();
        World.Zoe.Token = Made(await tokens.CreateAsync(NewToken.OfUser(World.Zoe.Id, "zoe's"), Alice, Cancel));
        World.Helper.Token = Made(await tokens.CreateAsync(NewToken.OfBot(World.Helper.Id, "helper's"), Alice, Cancel));

        Actor AddUser(Who who)
        {
            var user = new User { DisplayName = $"{who}", Email = $"{who}@example.org", IsAdmin = who is Who.Site };
            return new Actor.User(db.Add(user).Entity.Id, $"{who}");
        }

        Actor AddBot(Who who) => new Actor.Bot(db.Add(new Bot { DisplayName = $"{who}" }).Entity.Id, $"{who}");

        void Give(Who who, Env where, EnvRole? env, Kind? kind = null, KindRole? role = null)
        {
            var (user, bot) = (World.People[who].UserId, World.People[who].BotId);
            if (env is { } envRole)
            {
                db.Add(new EnvPermission { EnvId = where.Id, UserId = user, BotId = bot, Role = envRole });
            }

            if (kind is not null)
            {
                db.Add(new DeploymentPermission
                {
                    EnvId = where.Id,
                    KindId = kind.Id,
                    UserId = user,
                    BotId = bot,
                    Role = role!.Value,
                });
            }
        }

        static Guid Made(TokenResult result) => Assert.IsType<TokenResult.Created>(result).Id;
    }

    /// <summary>One that is done, one that failed, one that runs and one that waits for it.</summary>
    private async Task AddTasksAsync(PlatzDb db)
    {
        await db.Deployments.Where(d => d.Id == World.Shop.Id).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.ValuesOverride, new JsonObject { ["note"] = World.Override }), Cancel);
        var upgrade = new Upgrade(
            Chart.Id, Chart.Id, [], ConfigDelta: null, ValuesOverride: new JsonObject { ["note"] = World.Override });
        World.Done = await EnqueueAsync(TaskFor(World.Shop, upgrade));
        await EndAsync(DeploymentTaskStatus.Done, RevisionChange.Record);
        World.Failed = await EnqueueAsync(TaskFor(World.Shop, upgrade));
        await EndAsync(DeploymentTaskStatus.Failed, RevisionChange.Keep);
        await EnqueueAsync(World.Client);
        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
    }

    private async Task AddThingsAsync(PlatzDb db)
    {
        World.DatabaseType = await ManagedDatabases.InstallAsync(db, Env.Id, World.Shop, World.Done, Cancel);
        await ExecuteAsync("""
            UPDATE helm_charts SET actions_schema = (
                SELECT json_agg(json_build_object('apiVersion', 'platz.io/v1beta1', 'kind', 'Action', 'spec',
                    json_build_object('id', id, 'title', id, 'description', '', 'allowed_role', role,
                        'allowed_on_statuses', json_build_array('Never'), 'endpoint', 'standard_ingress',
                        'path', '/' || id, 'method', 'POST')))
                FROM (VALUES ('reindex', 'Maintainer'), ('wipe', 'Owner')) AS a(id, role))
            """);
        World.Pod = db.Add(new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = World.Shop.Id,
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Name = "shop",
        }).Entity.Id;
        World.Database = db.Add(new DeploymentResource
        {
            TypeId = World.DatabaseType,
            DeploymentId = World.Shop.Id,
            Name = "orders",
            SyncStatus = ResourceSyncStatus.Ready,
        }).Entity.Id;
        await db.SaveChangesAsync(Cancel);
        World.Secret = Assert.IsType<SecretResult.Saved>(await Services.GetRequiredService<SecretEditor>().CreateAsync(
            new NewSecret(Env.Id, "db", "password", "hush"), Alice, Cancel)).Id;
        Uses(DependencyKind.Secret, World.Secret);
        Uses(DependencyKind.Resource, World.Database);
        await db.SaveChangesAsync(Cancel);

        void Uses(DependencyKind kind, Guid id) =>
            db.Add(new DeploymentDependency { DeploymentId = World.Client.Id, Kind = kind, TargetId = id });
    }

    private async Task EndAsync(DeploymentTaskStatus status, RevisionChange revision)
    {
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task) with { Status = status, Revision = revision }]);
    }
}
