using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <summary>Every route of the API, and what each needs.</summary>
internal static class ApiTable
{
    public static IEnumerable<Route> Of(World w) =>
    [
        Get("server", Any), Get("auth/me", Known), Get("auth/google", Any) with { Answer = 501 },
        Post("auth/google/callback", Any, new { }, 501), Get("ws", Known) with { Answer = 426 },
        new("GET", "/openapi/v2.json", Known), new("GET", "/hubs/events", Known) { Answer = 400 },
        Get("audit-events", Trail, shows: w.Secret), Get("audit-events", Admin) with { Query = $"?env_id={w.Env.Id}" },
        .. DeploymentTable.Of(w), .. Catalog(w), .. Resources(w), .. Roles(w), .. PeopleAndTokens(w),
    ];

    public static Route Get(string path, Rule needs, Guid? id = null, object? shows = null) =>
        new("GET", $"/api/v2/{path}", needs) { Id = id, Shows = shows?.ToString() };

    public static Route Post(string path, Rule needs, object body, int answer, Guid? id = null) =>
        new("POST", $"/api/v2/{path}", needs) { Id = id, Body = body, Answer = answer };

    public static Route Put(string path, Rule needs, Guid id, object body, int answer = 200) =>
        new("PUT", $"/api/v2/{path}", needs) { Id = id, Body = body, Answer = answer };

    public static Route Delete(string path, Rule needs, Guid id, int answer = 204) =>
        new("DELETE", $"/api/v2/{path}", needs) { Id = id, Answer = answer, Takes = answer == 204 };

    private static IEnumerable<Route> Catalog(World w) =>
    [
        Get("envs", List, shows: w.Env.Id), Get("envs/{id}", See, w.Env.Id), Post("envs", Site, new { name = "" }, 422),
        Put("envs/{id}", SiteIn, w.Env.Id, new { }), Delete("envs/{id}", SiteIn, w.Env.Id, 409),
        Get("k8s-clusters", List, shows: w.Cluster.Id), Get("k8s-clusters/{id}", See, w.Cluster.Id),
        Put("k8s-clusters/{id}", SiteIn, w.Cluster.Id, new { }), Delete("k8s-clusters/{id}", SiteIn, w.Cluster.Id, 409),
        Get("deployment-kinds", Known), Get("deployment-kinds/{id}", Known, w.Web.Id),
        Put("deployment-kinds/{id}", Site, w.Web.Id, new { name = w.Web.Name }),
        Get("helm-registries", Known), Get("helm-registries/{id}", Known, w.Registry.Id),
        Put("helm-registries/{id}", Site, w.Registry.Id, new { fa_icon = "cube" }),
        Get("helm-charts", Known), Get("helm-charts/{id}", Known, w.Chart.Id),
        Get("helm-tag-formats", Known), Get("helm-tag-formats/{id}", Known, w.TagFormat),
        Post("helm-tag-formats", Site, new { pattern = "" }, 400), Delete("helm-tag-formats/{id}", Site, w.TagFormat),
        Get("secrets", List, shows: w.Secret), Get("secrets/{id}", See, w.Secret),
        Post("secrets", Admin, new { env_id = w.Env.Id, collection = "db", name = "x", contents = "" }, 422),
        Put("secrets/{id}", Admin, w.Secret, new { }), Delete("secrets/{id}", Admin, w.Secret, 409),
    ];

    private static IEnumerable<Route> Resources(World w) =>
    [
        Get("k8s-resources", List, shows: w.Pod), Get("k8s-resources/{id}", See, w.Pod),
        Get("deployment-resource-types", List, shows: w.DatabaseType),
        Get("deployment-resource-types/{id}", See, w.DatabaseType),
        Get("deployment-resources", List, shows: w.Database), Get("deployment-resources/{id}", See, w.Database),
        Post("deployment-resources", Invoke,
            new { type_id = w.DatabaseType, deployment_id = w.Shop.Id, name = "", props = new { } }, 422),
        Put("deployment-resources/{id}", Invoke, w.Database, new { name = "" }, 422),
        Delete("deployment-resources/{id}", Own, w.Database, 409), // so says the chart
    ];

    private static IEnumerable<Route> Roles(World w)
    {
        var (env, kind) = (w.Env.Id, w.Web.Id);
        var nobody = Guid.NewGuid();
        return
        [
            .. Of("env-user-permissions", w.Zoe.EnvRole, new { env_id = env, user_id = nobody, role = "User" }),
            .. Of("env-bot-permissions", w.Helper.EnvRole, new { env_id = env, bot_id = nobody, role = "User" }),
            .. Of("deployment-permissions", w.Zoe.KindRole,
                new { env_id = env, kind_id = kind, user_id = nobody, role = "Owner" }),
            .. Of("deployment-bot-permissions", w.Helper.KindRole,
                new { env_id = env, kind_id = kind, bot_id = nobody, role = "Owner" }),
        ];

        static IEnumerable<Route> Of(string path, Guid role, object grant) =>
        [
            Get(path, Faces, shows: role), Get($"{path}/{{id}}", Face, role), Post(path, Admin, grant, 422),
            Delete($"{path}/{{id}}", Dismiss, role),
        ];
    }

    private static IEnumerable<Route> PeopleAndTokens(World w) =>
    [
        Get("users", Faces, shows: w.Zoe.Id), Get("users/{id}", Face, w.Zoe.Id),
        Put("users/{id}", Site, w.Zoe.Id, new { }),
        Get("bots", Faces, shows: w.Helper.Id), Get("bots/{id}", Face, w.Helper.Id),
        Post("bots", Site, new { display_name = "" }, 422), Put("bots/{id}", Site, w.Helper.Id, new { }),
        Delete("bots/{id}", Site, w.Spare),
        Get("bot-tokens", Site), Get("bot-tokens/{id}", Site, w.Helper.Token),
        Post("bot-tokens", Site, new { bot_id = w.Helper.Id, name = "" }, 422),
        Delete("bot-tokens/{id}", Site, w.Helper.Token),
        Get("user-tokens", Person), Get("user-tokens", Site) with { Query = $"?user_id={w.Zoe.Id}" },
        Get("user-tokens/{id}", Theirs, w.Zoe.Token), Delete("user-tokens/{id}", Theirs, w.Zoe.Token),
        Post("user-tokens", Mint, new { name = "" }, 422),
        Post("user-tokens", Site, new { user_id = w.Zoe.Id, name = "" }, 422),
    ];
}
