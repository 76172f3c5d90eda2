using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Settings.Site;

/// <summary>The formats that tags of charts are read by.</summary>
public sealed partial class TagFormatList(TagFormatReads reads, TagFormats formats, TaskFeed feed, Screen screen)
    : IDisposable
{
    private static readonly string[] s_tables = ["helm_tag_formats", "helm_charts"];

    private List<TagFormatRow>? _formats;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override Task OnInitializedAsync()
    {
        _subscriptions.AddRange(s_tables
            .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));
        return ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private async Task ReadAsync()
    {
        _formats = await reads.ListAsync(CancellationToken.None);
        StateHasChanged();
    }

    private Task AddAsync() => OneAtATimeAsync(async () =>
    {
        if (await screen.AskAsync<TagFormatDialog, SettingResult.Saved>("New tag format", []) is not null)
        {
            screen.Say(("The format is added; it reads tags when the registries are read next.", Severity.Success));
            await ReadAsync();
        }
    });

    private Task DeleteAsync(TagFormatRow format) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = "What it has read stays; new tags are left to the other formats. "
                + $"Its pattern: {AnsiText.Strip(format.Pattern)}",
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>("Delete this tag format?", parameters) is null)
        {
            return;
        }

        var result = await formats.DeleteAsync(format.Id, (await Authentication).User.Actor, CancellationToken.None);
        screen.Say(result is SettingResult.Saved
            ? ("The format is deleted.", Severity.Success)
            : (result.Refusal("This format is gone already."), Severity.Error));
        await ReadAsync();
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

    private static string Tags(int count) => count switch
    {
        0 => "nothing",
        1 => "1 tag",
        _ => $"{count:N0} tags",
    };
}
