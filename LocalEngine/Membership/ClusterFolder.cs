using System.Text.Json;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// The folder that the processes of a cluster on one machine share. A silo has three files in it: <c>.lock</c>, which it keeps locked,
/// so that the kernel itself tells the others when it ends, and touches as a heartbeat; <c>.json</c>, what it says of itself;
/// and <c>.dead</c>, written by another silo that has not seen the heartbeat for too long: from then on it is dead, whatever it does.
/// </summary>
internal sealed class ClusterFolder
{
    /// <summary>Joining takes some milliseconds.</summary>
    private static readonly TimeSpan JoiningLimit = TimeSpan.FromSeconds(10);

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;

    public ClusterFolder(string clusterId)
    {
        // Others on the machine must not read the tokens in it, nor put silos of their own there.
        var root = CreatePrivate(Path.Combine(Path.GetTempPath(), $"shortline-{Environment.UserName}"));
        _path = CreatePrivate(Path.Combine(root, Uri.EscapeDataString(clusterId)));
    }

    /// <summary>Where grain state is stored.</summary>
    public string StatePath => Path.Combine(_path, "state");

    /// <summary>Held by a silo while it joins, so that two do not both think they are the first.</summary>
    /// <exception cref="OrleansException">Somebody else has it for too long.</exception>
    public FileStream LockJoining()
    {
        FileStream? held = null;
        var path = Path.Combine(_path, "joining");
        return SpinWait.SpinUntil(() => (held = TryLock(path, FileMode.OpenOrCreate)) is not null, JoiningLimit)
            ? held!
            : throw new OrleansException($"Another silo has been joining for {JoiningLimit.TotalSeconds} s ({path}).");
    }

    /// <summary>Publishes a silo for the first time.</summary>
    /// <returns>Its lock, to be kept; null if these files are another silo's.</returns>
    public FileStream? TryPublish(SiloRecord silo)
    {
        var held = TryLock(LockOf(silo), FileMode.CreateNew);
        if (held is not null)
        {
            Update(silo);
        }

        return held;
    }

    /// <summary>Publishes what has changed.</summary>
    public void Update(SiloRecord silo)
    {
        var fresh = $"{RecordOf(silo)}.{Guid.NewGuid():N}.new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(silo));
        File.Move(fresh, RecordOf(silo), overwrite: true);
    }

    /// <summary>Takes a silo's files away.</summary>
    public void Remove(SiloRecord silo)
    {
        File.Delete(RecordOf(silo));
        File.Delete(DeathOf(silo));
        File.Delete(LockOf(silo));
    }

    /// <summary>All silos with files here, the dead ones too.</summary>
    public IEnumerable<SiloRecord> Read()
    {
        foreach (var file in Directory.EnumerateFiles(_path, "*.json"))
        {
            if (TryRead(file) is { } silo)
            {
                yield return silo;
            }
        }
    }

    /// <summary>Whether its process has ended: then nobody holds its lock.</summary>
    public bool HasEnded(SiloRecord silo)
    {
        using var taken = TryLock(LockOf(silo), FileMode.Open);
        return taken is not null || !File.Exists(LockOf(silo));
    }

    /// <summary>A silo's sign of life.</summary>
    /// <returns>Whether it could be given; false if somebody has taken the silo's files away.</returns>
    public bool Beat(SiloRecord silo, TimeProvider time)
    {
        try
        {
            File.SetLastWriteTimeUtc(LockOf(silo), time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The latest sign of life: any value, another one each time.</summary>
    public long LastBeat(SiloRecord silo) => File.GetLastWriteTimeUtc(LockOf(silo)).Ticks;

    public bool IsDeclaredDead(SiloRecord silo) => File.Exists(DeathOf(silo));

    public void DeclareDead(SiloRecord silo) => File.WriteAllBytes(DeathOf(silo), []);

    /// <summary>It gave a sign of life while it was declared dead.</summary>
    public void TakeBackDeath(SiloRecord silo) => File.Delete(DeathOf(silo));

    private static string CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(path).FullName;
        }

        var folder = Directory.CreateDirectory(path, Private);
        if (folder.LinkTarget is not null)
        {
            throw new OrleansException($"{path} is a link, and only this user may say where it leads. Remove it, or set TMPDIR to a folder of your own.");
        }

        // Fails, as it should, if it belongs to somebody else.
        File.SetUnixFileMode(path, Private);
        return folder.FullName;
    }

    private static SiloRecord? TryRead(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<SiloRecord>(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null; // Gone since, or no silo's.
        }
    }

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string LockOf(SiloRecord silo) => Path.Combine(_path, $"{silo.FileName}.lock");

    private string RecordOf(SiloRecord silo) => Path.Combine(_path, $"{silo.FileName}.json");

    private string DeathOf(SiloRecord silo) => Path.Combine(_path, $"{silo.FileName}.dead");
}
