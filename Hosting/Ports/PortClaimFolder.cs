namespace Shortline.Hosting;

/// <summary>
/// The files of the claims of one user on this machine. For each port one that its silo holds locked, and one beside it that says who
/// the silo is, because a locked file cannot be read. They are never deleted: that could not be done without a race.
/// </summary>
internal sealed class PortClaimFolder
{
    // Claims take milliseconds; whoever holds the turn for longer is stopped, not busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _path;

    public PortClaimFolder(string path)
    {
        _path = path;
        PrivateFolder.Create(path);
    }

    /// <summary>The folder of this user.</summary>
    public static PortClaimFolder OfUser() => new(Path.Combine(Path.GetTempPath(), $"shortline-ports-{ShortName.From(Environment.UserName)}"));

    /// <summary>One process at a time claims or looks: looking locks the files too, for an instant.</summary>
    /// <returns>The turn, which ends when it is disposed of.</returns>
    public IDisposable WaitForTurn() => ProcessTurn.Wait($"shortline-ports-{_path}", Patience);

    /// <summary>Holds the file of a port; null if somebody else does.</summary>
    public FileStream? TryHold(int port)
    {
        try
        {
            return new FileStream(LockFile(port), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Says who holds a port.</summary>
    public void Describe(int port, ClaimedPorts silo) => File.WriteAllText(SiloFile(port), silo.ToString());

    /// <summary>Everybody who holds a port.</summary>
    public IEnumerable<ClaimedPorts> Held()
    {
        foreach (var file in Directory.EnumerateFiles(_path, "*.silo").Order(StringComparer.Ordinal))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file), out var port) && IsHeld(port) && Read(file) is { } silo && silo.SiloPort == port)
                yield return silo;
        }
    }

    private static ClaimedPorts? Read(string file)
    {
        try
        {
            return ClaimedPorts.Parse(File.ReadAllText(file));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private bool IsHeld(int port)
    {
        using var free = TryHold(port);
        return free is null;
    }

    private string LockFile(int port) => Path.Combine(_path, $"{port}.lock");

    private string SiloFile(int port) => Path.Combine(_path, $"{port}.silo");
}
