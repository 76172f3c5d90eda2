using Microsoft.AspNetCore.SignalR;
using MudBlazor;
using MudBlazor.Services;
using Platz.Web.Activity.Export;
using Platz.Web.Audit;
using Platz.Web.Live;
using Platz.Web.Security;
using Platz.Web.Shared;
using Platz.Web.Tasks;
using Platz.Web.Theme;

namespace Platz.Web;

/// <summary>The Blazor pages, and what keeps them live.</summary>
public static class Pages
{
    /// <summary>A form sends a YAML text in one message: the largest there may be, and room for escapes.</summary>
    private const int MaxMessageBytes = 1024 * 1024;

    public static IServiceCollection AddPlatzPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub =>
        {
            hub.MaximumReceiveMessageSize = MaxMessageBytes;
            hub.AddFilter<PageHub>();
        });
        services.AddCascadingAuthenticationState();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            mud.SnackbarConfiguration.PreventDuplicates = false;
            mud.SnackbarConfiguration.VisibleStateDuration = 5000;
        });
        services.AddLiveViews();
        services.AddSingleton<Tasks.Logs.WatchedLogs>();
        services.AddSingleton<Tasks.Logs.LogRowReader>();
        services.AddScoped<Screen>();
        services.AddSingleton<NameLookup>();
        services.AddSingleton<TaskPages>();
        services.AddScoped<TaskCommands>();
        services.AddSingleton<Deployments.DeploymentSave>();
        services.AddSingleton<Insight.InsightPictures>();
        services.AddScoped<ThemeChoice>();
        services.AddSingleton<ThemeSheet>();
        services.AddScoped<TimeChoice>();
        services.AddScoped<BrowserWatch>();
        services.AddScoped<Drafts.FormDrafts>();
        return services;
    }

    /// <summary>To be called behind authentication, authorization and antiforgery.</summary>
    public static WebApplication MapPlatzPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet("/theme.css", (ThemeSheet theme, HttpContext context) => theme.AnswerAsync(context)).AllowAnonymous();
        app.MapTaskLogFile();
        app.MapTaskExport();
        app.MapAuditExport();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.DisableWebSocketCompression = true)
            .RequireAuthorization();
        return app;
    }
}
