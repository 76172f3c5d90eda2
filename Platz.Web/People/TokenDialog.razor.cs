using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.People;

/// <summary>Makes a token of a bot or a user.</summary>
public sealed partial class TokenDialog(TokenEditor editor, EnvLookup lookup)
{
    private readonly TokenDraft _draft = new();
    private List<Env> _envs = [];
    private IReadOnlyList<FieldError> _errors = [];
    private string? _problem;
    private string? _made;
    private bool _isLeaving;
    private bool _busy;

    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public required TokenOwner Owner { get; set; }

    [Parameter, EditorRequired]
    public required Guid OwnerId { get; set; }

    protected override async Task OnInitializedAsync() =>
        _envs = await lookup.OfAsync((await Authentication).User.Actor, CancellationToken.None);

    private string? Error(string field) => _errors.FirstOrDefault(e => e.Field == field)?.Message;

    private string Invalid(string field) => Error(field) is null ? "false" : "true";

    private void RoleChosen(ChangeEventArgs e) =>
        _draft.Most = Enum.TryParse<ScopeRole>((string?)e.Value, out var role) ? role : null;

    private void Choose(Guid env, bool isChosen) => _ = isChosen ? _draft.Envs.Add(env) : _draft.Envs.Remove(env);

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        (_errors, _problem) = ([], null);
        try
        {
            var actor = (await Authentication).User.Actor;
            Show(await editor.CreateAsync(_draft.Token(Owner, OwnerId), actor, CancellationToken.None));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            _problem = Screen.NoDatabase;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Show(TokenResult result)
    {
        switch (result)
        {
            case TokenResult.Created(_, var text):
                _made = text;
                break;
            case TokenResult.Refused(SettingResult.Invalid(var errors)):
                _errors = errors;
                break;
            case TokenResult.Refused(var why):
                _problem = why.Refusal("Whose token it was to be is gone.");
                break;
        }
    }
}
