using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <summary>The routes that know people by the cookie of their session, and those that ask nobody who they are.</summary>
internal static class SessionTable
{
    public static IEnumerable<Route> Of(World w) =>
    [
        Get("/healthz/live", Any), Get("/healthz/ready", Any), Get("/theme.css", Any),
        Get("/sign-in", Any) with { Answer = 302 }, Get("/sign-in/{token}", Any) with { Answer = 302 },
        Get("/not-signed-in", Any) with { Query = "?reason=signed-out" },
        new("POST", "/sign-out", Any) { Answer = 400 }, // without the token of a form
        Get("/openapi/v2.json", Known), Get("/tasks/{taskId}/log.txt", See) with { Id = w.Done },
        .. Of("/tasks/export.csv", w), .. Of("/tasks/export.ndjson", w),
        Get("/audit/export.csv", Site), Get("/audit/export.ndjson", Site),
        new("POST", "/_blazor/negotiate", Known) { Query = "?negotiateVersion=1" },
        Get("/_blazor", Known) with { Answer = 400 }, new("POST", "/_blazor/disconnect/", Known) { Answer = 400 },
        new("POST", "/hubs/events/negotiate", Known) { Query = "?negotiateVersion=1" },
        Get("/hubs/events", Known) with { Answer = 400 },
        Get("/_blazor/initializers/", Known), Get("/_framework/opaque-redirect", Known) with { Answer = 400 },
        .. PageTable.Of(w).Select(page => Get(page.Template, Known) with { Address = $"/{page.There}" }),
    ];

    private static IEnumerable<Route> Of(string export, World w) =>
    [
        Get(export, List) with { Shows = $"{w.Done}" }, Get(export, See) with { Query = $"?env={w.Env.Name}" },
    ];

    private static Route Get(string pattern, Rule needs) => new("GET", pattern, needs);
}
