using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Platz.Web.Api.OpenApi;
using Platz.Web.Api.V2;
using Platz.Web.Docs;
using Platz.Web.Events;
using Platz.Web.Security;

namespace Platz.Web.Api;

internal static class ApiRoutes
{
    /// <summary>Whoever has a token; what they see and may do, each endpoint asks of <see cref="Platz.Core.Identity.Access"/>.</summary>
    public const string AnyToken = "any-token";

    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<BearerTokens>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiTokenScheme>(ApiTokenScheme.Name, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(AnyToken, policy => policy.AddAuthenticationSchemes(ApiTokenScheme.Name)
                .RequireAuthenticatedUser());
        services.AddSingleton<LogFollowers>();
        services.AddSingleton<ApiDocument>();
        services.AddSingleton(provider => new ApiReference(provider.GetRequiredService<ApiDocument>().Document));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(new UtcTime());
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<LimitOptions>>().Value;
        var api = routes.MapGroup("/api/v2");
        api.WithRequestTimeout(new RequestTimeoutPolicy
        {
            Timeout = limits.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            WriteTimeoutResponse = context => new ApiProblem(
                StatusCodes.Status504GatewayTimeout, "This took too long and was given up.").ExecuteAsync(context),
        });
        api.MapServer();
        api.MapAuth();

        var resources = api.MapGroup("").RequireAuthorization(AnyToken);
        resources.AddEndpointFilter<EtagFilter>();
        resources.AddEndpointFilter<IfMatchFilter>();
        resources.MapDeployments();
        resources.MapDeploymentTasks();
        resources.MapTaskRepeats();
        resources.MapTaskLog();
        resources.MapValues();
        resources.MapEnvs();
        resources.MapK8sClusters();
        resources.MapDeploymentKinds();
        resources.MapHelmRegistries();
        resources.MapHelmCharts();
        resources.MapHelmTagFormats();
        resources.MapSecrets();
        resources.MapK8sResources();
        resources.MapDeploymentResourceTypes();
        resources.MapDeploymentResources();
        resources.MapEnvPermissions();
        resources.MapDeploymentPermissions();
        resources.MapBots();
        resources.MapBotTokens();
        resources.MapUsers();
        resources.MapUserTokens();
        resources.MapAuditEvents();
        resources.MapEventSocket();
    }
}
