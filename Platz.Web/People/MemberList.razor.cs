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

/// <summary>The members of an env.</summary>
public sealed partial class MemberList(MemberLists lists, MemberEditor editor, DeploymentRights rights, TaskFeed feed, Screen screen)
    : IDisposable
{
    private static readonly string[] s_tables = ["env_user_permissions", "users", "bots"];

    private List<EnvMember>? _members;
    private ActorRef _self;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;
    private bool _isRefused;

    [Parameter, EditorRequired]
    public required Env Env { get; set; }

    [Parameter]
    public bool MayEdit { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _self = ActorRef.Of((await Authentication).User.Actor);
        _subscriptions.AddRange(s_tables
            .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));
        await ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private static string Article(EnvRole role) => role is EnvRole.Admin ? "an Admin" : "a User";

    /// <summary>Asked at every reading: a page stays open longer than a right.</summary>
    private async Task ReadAsync()
    {
        var actor = (await Authentication).User.Actor;
        var standing = await rights.OfAsync(actor, Env.Id, kindId: null, CancellationToken.None);
        _isRefused = !standing.Allows(Permission.ReadMembers);
        _members = _isRefused ? null : await lists.MembersAsync(Env.Id, CancellationToken.None);
        StateHasChanged();
    }

    private Task AddAsync() => OneAtATimeAsync(async () =>
    {
        Func<RoleGrant, Task<SettingResult>> save = async grant => await editor.GrantAsync(
            Env.Id, grant.Who, Enum.Parse<EnvRole>(grant.Role), (await Authentication).User.Actor, CancellationToken.None);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RoleDialog.Roles)] = RoleChoice.OfEnv,
            [nameof(RoleDialog.Save)] = save,
        };
        if (await screen.AskAsync<RoleDialog, RoleGiven>($"Add a member to {Env.Name}", parameters) is { } given)
        {
            screen.Say(($"{given.Holder} is {Article(Enum.Parse<EnvRole>(given.Role))} now.", Severity.Success));
        }
    });

    private Task ChangeAsync(EnvMember member, EnvRole role) => OneAtATimeAsync(async () => Show(
        await editor.GrantAsync(
            Env.Id, member.Holder.Who, role, (await Authentication).User.Actor, CancellationToken.None),
        $"{member.Holder.Name} is {Article(role)} now."));

    private Task RemoveAsync(EnvMember member) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] =
                "They lose what they may do in the env as a whole. Roles that they have for kinds stay, under Roles.",
            [nameof(ConfirmDialog.Verb)] = "Remove",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Remove {member.Holder.Name}?", parameters) is not null)
        {
            Show(
                await editor.TakeAsync(member.Id, (await Authentication).User.Actor, CancellationToken.None),
                $"{member.Holder.Name} is removed.");
        }
    });

    private void Show(SettingResult result, string done) => screen.Say(result is SettingResult.Saved
        ? (done, Severity.Success)
        : (result.Refusal("Somebody has taken this role away meanwhile."), Severity.Error));

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
