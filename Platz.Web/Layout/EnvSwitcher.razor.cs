using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Platz.Core.Catalog;
using Platz.Web.Live;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Layout;

/// <summary>The env that the page is about, and the way to others.</summary>
public sealed partial class EnvSwitcher(
    EnvChoices envs, TaskFeed feed, NavigationManager navigation, AuthenticationStateProvider session) : IDisposable
{
    private IReadOnlyList<EnvChoice> _choices = [];
    private (Guid Task, Guid? Env) _ofTask;
    private bool _isAdmin;
    private IDisposable? _subscription;

    private string Address => navigation.ToBaseRelativePath(navigation.Uri);

    private string Shown => Current is { } name ? AnsiText.Strip(name) : "Choose an env";

    /// <summary>The address says where one is, <c>/envs/{env}/…</c>; a task says where it is.</summary>
    private string? Current
    {
        get
        {
            if (Links.EnvOf(Address) is { } segment)
            {
                return _choices.FirstOrDefault(e => e.Id.ToString() == segment)?.Name ?? segment;
            }

            var env = SamePlace.TaskOf(Address) == _ofTask.Task ? _ofTask.Env : null;
            return _choices.FirstOrDefault(e => e.Id == env)?.Name; // none that one is not in
        }
    }

    protected override Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(new Topic.Table("envs"), () => InvokeAsync(FollowAsync));
        navigation.LocationChanged += Moved;
        return ReadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        navigation.LocationChanged -= Moved;
    }

    private static string Counts(EnvChoice env) =>
        $"{Count(env.Deployments, "deployment")} · {Count(env.Members, "member")}";

    private static string Count(int count, string what) => $"{count:N0} {what}{(count == 1 ? "" : "s")}";

    /// <summary>On opening too: the counts follow nothing.</summary>
    private async Task ReadAsync()
    {
        var user = (await session.GetAuthenticationStateAsync()).User;
        if (user.Identity is not { IsAuthenticated: true })
        {
            (_choices, _isAdmin) = ([], false); // the session of an open page has ended
        }
        else
        {
            await FindEnvOfTaskAsync();
            _isAdmin = user.IsAdmin;
            _choices = await envs.OfAsync(user.Actor, SamePlace.TypeOf(Address), CancellationToken.None);
        }
    }

    private async Task FollowAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task FindEnvOfTaskAsync()
    {
        if (SamePlace.TaskOf(Address) is { } task && task != _ofTask.Task)
        {
            var env = await envs.OfTaskAsync(task, CancellationToken.None);
            _ofTask = SamePlace.TaskOf(Address) == task ? (task, env) : _ofTask; // else the reader has gone on
        }
    }

    private void Moved(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(async () =>
    {
        await FindEnvOfTaskAsync();
        StateHasChanged();
    });
}
