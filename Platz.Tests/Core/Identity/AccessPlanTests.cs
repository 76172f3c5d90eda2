using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

/// <summary>Rights are read at every command: that costs the same whoever else has any.</summary>
public sealed class AccessPlanTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Fact]
    public async Task Roles_of_one_identity_are_found_among_those_of_thousands()
    {
        var (user, bot) = await PlantAsync();
        await using var db = await DbAsync();

        foreach (var query in new[] { Access.RowsOfUser(db, user), Access.RowsOfBot(db, bot) })
        {
            await using var command = (NpgsqlCommand)query.CreateDbCommand();
            var plan = await QueryPlan.OfAsync(Source, command, Cancel);
            Assert.False(plan.Scans("env_user_permissions") || plan.Scans("deployment_permissions"), plan.ToString());
            Assert.InRange(plan.Pages, 1, 100);
        }

        Assert.Equal(20, (await Access.GrantsAsync(db, new Actor.User(user, ""), Cancel)).Envs.Count);
        Assert.Equal(20, (await Access.GrantsAsync(db, new Actor.Bot(bot, ""), Cancel)).Kinds.Count);
    }

    /// <summary>1,000 users and as many bots, with roles in 20 envs each.</summary>
    private async Task<(Guid User, Guid Bot)> PlantAsync()
    {
        await ExecuteAsync("""
            INSERT INTO envs (id, name, auto_add_new_users)
                SELECT gen_random_uuid(), 'env-' || n, false FROM generate_series(1, 19) AS n;
            INSERT INTO users (id, display_name, email, is_admin, is_active)
                SELECT gen_random_uuid(), 'user ' || n, 'user' || n || '@example.org', false, true
                FROM generate_series(1, 1000) AS n;
            INSERT INTO bots (id, display_name) SELECT gen_random_uuid(), 'bot ' || n FROM generate_series(1, 1000) AS n;
            INSERT INTO env_user_permissions (id, env_id, user_id, bot_id, role)
                SELECT gen_random_uuid(), e.id, u.id, u.bot, 'User' FROM envs AS e, (
                    SELECT id, NULL::uuid AS bot FROM users UNION ALL SELECT NULL, id FROM bots) AS u;
            INSERT INTO deployment_permissions (id, env_id, kind_id, user_id, bot_id, role)
                SELECT gen_random_uuid(), p.env_id, k.id, p.user_id, p.bot_id, 'Owner'
                FROM env_user_permissions AS p, deployment_kinds AS k;
            ANALYZE env_user_permissions, deployment_permissions
            """);
        await using var db = await DbAsync();
        return (
            await db.Users.Where(u => u.DisplayName == "user 500").Select(u => u.Id).SingleAsync(Cancel),
            await db.Bots.Where(b => b.DisplayName == "bot 500").Select(b => b.Id).SingleAsync(Cancel));
    }
}
