using Microsoft.AspNetCore.Authentication;
using Platz.Web.Api.V2;
using Platz.Web.SignIn;

namespace Platz.Web.Api;

internal static class ApiRoutes
{
    /// <summary>Whoever has a token; everything else in the API needs a site admin's.</summary>
    public const string AnyToken = "any-token";

    private const string AdminToken = "admin-token";

    public static void AddApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiTokenScheme>(ApiTokenScheme.Name, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(AnyToken, policy => policy.AddAuthenticationSchemes(ApiTokenScheme.Name)
                .RequireAuthenticatedUser())
            .AddPolicy(AdminToken, policy => policy.AddAuthenticationSchemes(ApiTokenScheme.Name)
                .RequireAuthenticatedUser().RequireRole(SignedIn.Admin));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(new UtcTime());
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v2");
        api.MapServer();
        api.MapAuth();

        var resources = api.MapGroup("").RequireAuthorization(AdminToken);
        resources.MapDeployments();
        resources.MapDeploymentTasks();
        resources.MapEnvs();
        resources.MapK8sClusters();
        resources.MapDeploymentKinds();
        resources.MapHelmRegistries();
        resources.MapHelmCharts();
    }
}
