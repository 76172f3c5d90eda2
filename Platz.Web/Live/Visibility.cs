namespace Platz.Web.Live;

/// <summary>Whether somebody can see this page: its tab is in front (<c>wwwroot/visibility.js</c>). One per circuit.</summary>
public sealed class Visibility
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _hidden;

    /// <summary>May come from any thread.</summary>
    public event Action? Changed;

    public bool IsHidden => _hidden is not null;

    public void Show(bool isHidden)
    {
        lock (_lock)
        {
            if (isHidden == IsHidden)
            {
                return;
            }

            _hidden?.SetResult();
            _hidden = isHidden ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }

        Changed?.Invoke();
    }

    public Task WhenVisibleAsync(CancellationToken cancel) => _hidden?.Task.WaitAsync(cancel) ?? Task.CompletedTask;
}
