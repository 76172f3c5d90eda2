using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;
using Platz.Web;
using Platz.Web.Layout;
using Platz.Web.Shared;

namespace Platz.Tests.Web.Access;

/// <summary>A test that goes from page to page as the address says.</summary>
public abstract class AllPagesTest(PostgresServer postgres) : RolesTest(postgres)
{
    protected const string NotFoundTitle = "Not found · Platz";
    protected const string NotAllowedTitle = "Not allowed · Platz";

    protected IRenderedComponent<Router> Pages { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo("not-found");
        Pages = Page.Render<Router>(p => p
            .Add(r => r.AppAssembly, typeof(App).Assembly)
            .Add(r => r.NotFoundPage, typeof(NotFound))
            .Add(r => r.Found, route => builder =>
            {
                builder.OpenComponent<AuthorizeRouteView>(0);
                builder.AddComponentParameter(1, nameof(AuthorizeRouteView.RouteData), route);
                builder.CloseComponent();
            }));
    }

    /// <returns>The title, once the page has read what it shows.</returns>
    protected async Task<string> OpenAsync(string address)
    {
        var navigation = Page.Services.GetRequiredService<NavigationManager>();
        await Pages.InvokeAsync(() => navigation.NavigateTo("not-found"));
        await Pages.InvokeAsync(() => navigation.NavigateTo(address));
        Pages.WaitForAssertion(() => Assert.True(IsRead(), $"{address}: {Pages.Markup}"), Patience);
        Assert.True(Pages.FindComponents<WindowTitle>().Count == 1, $"{address} has two titles: the later one wins");
        return TitleOf(Pages);
    }

    private bool IsRead() => Pages.FindAll(".loading").Count == 0 && Pages.FindAll("h1").Count > 0
        && Pages.FindComponents<WindowTitle>().Count > 0;
}
