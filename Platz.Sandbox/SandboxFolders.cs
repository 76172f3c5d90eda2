namespace Platz.Sandbox;

/// <summary>
/// Where the sandbox keeps what: all of it in the data folder, which it holds alone, or in a temporary one that goes
/// with it.
/// </summary>
public sealed class SandboxFolders : IDisposable
{
    private readonly bool _isTemporary;
    private readonly string _root;
    private readonly FileStream _lock;

    public SandboxFolders(string data)
    {
        _isTemporary = data.Length == 0;
        _root = _isTemporary ? Directory.CreateTempSubdirectory("platz-sandbox-").FullName : Path.GetFullPath(data);
        Directory.CreateDirectory(_root);
        _lock = new FileStream(Path.Combine(_root, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Runs);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string? Journal => _isTemporary ? null : Path.Combine(_root, "objects.jsonl");

    public string? Ledger => _isTemporary ? null : Path.Combine(_root, "ledger.jsonl");

    public string Key => Path.Combine(_root, "token-key");

    public string Authority => Path.Combine(_root, "authority.pem");

    public string Logs => Path.Combine(_root, "logs");

    public string Runs => Path.Combine(_root, "runs");

    public string Run(string podUid) => Path.Combine(Runs, podUid);

    public void Dispose()
    {
        _lock.Dispose();
        if (_isTemporary)
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}

/// <summary>The sandbox's own address, known once it listens.</summary>
public sealed class ServerAddress
{
    public string Url { get; set; } = "";
}
