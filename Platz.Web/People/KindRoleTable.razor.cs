using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.People;

/// <summary>The roles for kinds in an env.</summary>
public sealed partial class KindRoleTable(MemberLists lists, KindRoleEditor editor, DeploymentRights rights, TaskFeed feed, Screen screen)
    : IDisposable
{
    private static readonly string[] s_tables = ["deployment_permissions", "deployment_kinds", "users", "bots"];

    private List<KindRoles>? _kinds;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;
    private bool _isRefused;

    [Parameter, EditorRequired]
    public required Env Env { get; set; }

    [Parameter]
    public bool MayEdit { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override Task OnInitializedAsync()
    {
        _subscriptions.AddRange(s_tables
            .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));
        return ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    /// <summary>Asked at every reading: a page stays open longer than a right.</summary>
    private async Task ReadAsync()
    {
        var actor = (await Authentication).User.Actor;
        var standing = await rights.OfAsync(actor, Env.Id, kindId: null, CancellationToken.None);
        _isRefused = !standing.Allows(Permission.ReadMembers);
        _kinds = _isRefused ? null : await lists.KindRolesAsync(Env.Id, CancellationToken.None);
        StateHasChanged();
    }

    /// <param name="kindId">The kind that is chosen at first; null for the first one.</param>
    private Task GiveAsync(Guid? kindId) => OneAtATimeAsync(async () =>
    {
        Func<RoleGrant, Task<SettingResult>> save = async grant => await editor.GrantAsync(
            Env.Id, grant.KindId!.Value, grant.Who, Enum.Parse<KindRole>(grant.Role), (await Authentication).User.Actor,
            CancellationToken.None);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RoleDialog.Roles)] = RoleChoice.OfKind,
            [nameof(RoleDialog.Kinds)] = _kinds,
            [nameof(RoleDialog.KindId)] = kindId,
            [nameof(RoleDialog.Save)] = save,
        };
        if (await screen.AskAsync<RoleDialog, RoleGiven>($"Give a role in {Env.Name}", parameters) is { } given)
        {
            screen.Say(($"{given.Holder} is {given.Role} of {given.Kind} now.", Severity.Success));
        }
    });

    private Task TakeAsync(KindRoles kind, KindRoleHeld held) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = $"{held.Holder.Name} is no {held.Role} of {kind.Kind} in {Env.Name} any more.",
            [nameof(ConfirmDialog.Verb)] = "Take it away",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>("Take the role away?", parameters) is null)
        {
            return;
        }

        var result = await editor.TakeAsync(held.Id, (await Authentication).User.Actor, CancellationToken.None);
        screen.Say(result is SettingResult.Saved
            ? ("The role is taken away.", Severity.Success)
            : (result.Refusal("Somebody has taken this role away meanwhile."), Severity.Error));
    });

    private async Task OneAtATimeAsync(Func<Task> command)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            await command();
            await ReadAsync();
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            screen.SayNoDatabase();
        }
        finally
        {
            _busy = false;
        }
    }
}
