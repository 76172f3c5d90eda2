using Microsoft.AspNetCore.Components;
using MudBlazor;
using Platz.Core.Activity;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Shared;

namespace Platz.Web.Activity;

public sealed partial class FilterBar(FilterChoices choices, TimeChoice times)
{
    [Parameter, EditorRequired]
    public required ActivityQuery Query { get; set; }

    /// <summary>Of the same page with another filter.</summary>
    [Parameter, EditorRequired]
    public required Func<ActivityQuery, string> Address { get; set; }

    /// <summary>For what is typed and has no link.</summary>
    [Parameter, EditorRequired]
    public EventCallback<ActivityQuery> OnChange { get; set; }

    /// <summary>Where to look for choices; null for all envs.</summary>
    [Parameter]
    public IReadOnlyList<Guid>? Envs { get; set; }

    [Parameter]
    public FilterNames Names { get; set; } = FilterNames.None;

    [Parameter, EditorRequired]
    public required Actor Reader { get; set; }

    /// <summary>Leaves out what only lists across deployments can be asked for.</summary>
    [Parameter]
    public bool IsOfOneDeployment { get; set; }

    /// <summary>Quick filters in place of the usual ones; they say which statuses there are.</summary>
    [Parameter]
    public RenderFragment? Quick { get; set; }

    /// <summary>What else stands in the bar: saved views, exports, commands.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string Me => TaskFilterQuery.Write(ActorRef.Of(Reader));

    private FilterWords Words => new(Names, times.Absolute);

    private static Task<IReadOnlyList<FilterChoice>> Statuses(string text) => Fixed(
        Enum.GetNames<DeploymentTaskStatus>(), text);

    private static Task<IReadOnlyList<FilterChoice>> Operations(string text) => Fixed(OperationJson.Kinds, text);

    private static Task<IReadOnlyList<FilterChoice>> Fixed(IEnumerable<string> names, string text) =>
        Task.FromResult<IReadOnlyList<FilterChoice>>(
            [.. names.Where(name => name.Contains(text, StringComparison.OrdinalIgnoreCase))
                .Select(name => new FilterChoice(name, name))]);

    private static string Glyph(ActorKind kind) => kind switch
    {
        ActorKind.User => Icons.Material.Filled.Person,
        ActorKind.Bot => Icons.Material.Filled.SmartToy,
        _ => Icons.Material.Filled.RocketLaunch,
    };

    private async Task<IReadOnlyList<FilterChoice>> ActorsAsync(string text) =>
        [.. (await choices.ActorsAsync(Envs, text, CancellationToken.None)).Select(found => new FilterChoice(
            TaskFilterQuery.Write(found.Actor), found.Name, found.Detail, Glyph(found.Actor.Kind)))];

    private async Task<IReadOnlyList<FilterChoice>> KindsAsync(string text) =>
        [.. (await choices.KindsAsync(text, CancellationToken.None)).Select(name => new FilterChoice(name, name))];

    private async Task<IReadOnlyList<FilterChoice>> ClustersAsync(string text) =>
        Named(await choices.ClustersAsync(Envs, text, CancellationToken.None));

    private async Task<IReadOnlyList<FilterChoice>> DeploymentsAsync(string text) =>
        Named(await choices.DeploymentsAsync(Envs, text, CancellationToken.None));

    private static IReadOnlyList<FilterChoice> Named(List<NamedChoice> found) =>
        [.. found.Select(choice => new FilterChoice(choice.Id.ToString(), choice.Name, choice.Detail))];

    private Task FindText(ChangeEventArgs e) => OnChange.InvokeAsync(
        Query.Set(TaskFilterQuery.Text, e.Value is string { Length: > 0 } text ? text : null));
}
