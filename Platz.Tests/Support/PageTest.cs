using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Api.OpenApi;
using Platz.Web.Deployments;
using Platz.Web.Docs;
using Platz.Web.Drafts;
using Platz.Web.Envs;
using Platz.Web.Insight;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;
using Platz.Web.Tasks.Logs;

namespace Platz.Tests.Support;

/// <summary>Components with a real database behind them and its notifications reaching them; Alice is signed in.</summary>
public abstract class PageTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected BunitContext Page { get; } = new() { JSInterop = { Mode = JSRuntimeMode.Loose } };

    /// <summary>Who is signed in.</summary>
    protected BunitAuthorizationContext SignIn { get; private set; } = null!;

    protected KindPlace Place => new(Env, Kind, Standing.SiteAdmin);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("ConnectionStrings:Platz", ConnectionString), new("Secrets:KeyFile", KeyFile),
            ]).Build();
        Page.Services.AddSingleton<IConfiguration>(configuration);
        Page.Services.AddPlatzIdentity();
        Page.Services.AddMudServices();
        Page.Services.AddPlatzDatabase(configuration);
        Page.Services.AddLiveViews().AddSingleton<DeploymentSave>().AddSingleton<InsightPictures>().AddSingleton<NameLookup>()
            .AddSingleton<TaskPages>().AddSingleton<WatchedLogs>().AddSingleton<LogRowReader>()
            .AddScoped<TimeChoice>().AddScoped<FormDrafts>().AddScoped<Screen>().AddScoped<TaskCommands>();
        Page.Services.AddSingleton(new ApiReference(new ApiDocument(new DefaultEndpointDataSource()).Document));
        SignIn = Page.AddAuthorization();
        SignIn.SetAuthorized(Alice.Name)
            .SetClaims([.. SignedIn.Identity(Alice, isAdmin: true, "test").Claims]);
        await Page.Services.GetRequiredService<ChangeFeed>().StartAsync(Cancel);
    }

    /// <summary>Alice stays signed in, but is no more than this from now on.</summary>
    protected async Task MakeAliceAsync(EnvRole? env = null)
    {
        await using var db = await DbAsync();
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdmin, false), Cancel);
        if (env is { } role)
        {
            db.Add(new EnvPermission { EnvId = Env.Id, UserId = Alice.Id, Role = role });
            await db.SaveChangesAsync(Cancel);
        }
    }

    /// <summary>Found and clicked in one go: in a page that renders in between, what was found has no handler any more.</summary>
    protected static Task PressAsync<T>(IRenderedComponent<T> page, string text)
        where T : IComponent =>
        page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Trim() == text).Click());

    /// <summary>Once it is there and no earlier command disables it.</summary>
    protected static Task ClickAsync<T>(IRenderedComponent<T> page, string selector)
        where T : IComponent
    {
        page.WaitForAssertion(() => Assert.False(page.Find(selector).HasAttribute("disabled")), Patience);
        return page.InvokeAsync(() => page.Find(selector).Click());
    }

    public override async ValueTask DisposeAsync()
    {
        await Page.Services.GetRequiredService<ChangeFeed>().StopAsync(CancellationToken.None);
        await Page.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the browser shows as the title of the page: the last one that was set.</summary>
    protected static string TitleOf<T>(IRenderedComponent<T> page)
        where T : IComponent =>
        ((IRenderedComponent<IComponent>)page).FindComponents<WindowTitle>()[^1].Instance.Text;

    protected async Task<List<DeploymentTask>> TasksAsync()
    {
        await using var db = await DbAsync();
        return await db.Tasks.AsNoTracking().OrderBy(t => t.CreatedAt).ToListAsync(Cancel);
    }
}
