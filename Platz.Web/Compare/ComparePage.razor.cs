using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Compare;

/// <summary>Two tasks of a deployment: chart, config and override of the one beside those of the other.</summary>
public sealed partial class ComparePage(
    TaskComparison comparison, DeploymentList list, TaskCommands commands, NavigationManager navigation)
{
    private (Guid, Guid?, Guid?) _read;
    private ComparedTasks? _found;
    private DeploymentAddress? _place;
    private bool _isMissing;

    [Parameter]
    public string? Env { get; set; }

    [Parameter]
    public string? Kind { get; set; }

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "a")]
    public Guid? Before { get; set; }

    [SupplyParameterFromQuery(Name = "b")]
    public Guid? After { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Name => _found!.Deployment is { Name: { Length: > 0 } name } ? name : _found.Deployment.Namespace;

    private string History => Links.History(_place!.Env, _place.Kind, Id);

    protected override Task OnParametersSetAsync()
    {
        if (_read == (Id, Before, After))
        {
            return Task.CompletedTask;
        }

        _read = (Id, Before, After);
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        var asked = _read;
        var actor = (await Authentication).User.Actor;
        var found = Before is { } before && After is { } after
            ? await comparison.ReadAsync(Id, before, after, actor, CancellationToken.None)
            : null;
        var place = found is null ? null : await list.PlaceOfAsync(Id, CancellationToken.None);
        if (asked != _read)
        {
            return; // another address has been gone to meanwhile
        }

        (_found, _place, _isMissing) = (found, place, place is null);
        if (place is not null && Env is null)
        {
            navigation.NavigateTo(
                Links.Compare(place.Env, place.Kind, Id, found!.Before.Id, found.After.Id), replace: true);
        }
    }

    private async Task RollBackAsync(DeploymentTask task)
    {
        if (await commands.RollBackAsync(task))
        {
            await ReadAsync();
        }
    }

    private static string NoInputs(ComparedTasks found) => (found.Before.Operation.Installs, found.After.Operation.Installs) switch
    {
        (null, null) => "Neither task",
        (null, _) => "The task before",
        _ => "The task after",
    };
}
