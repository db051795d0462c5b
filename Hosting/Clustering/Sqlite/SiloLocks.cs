using System.Globalization;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// One file for each run of a silo, named by its port and generation, which the silo holds locked as long as its process lives. The kernel drops the
/// lock however the process ends, so a free lock is certain proof that the silo is gone.
/// </summary>
internal sealed class SiloLocks(string path)
{
    private const string Extension = ".lock";

    /// <summary>The folder of the lock files.</summary>
    public string Path { get; } = path;

    /// <summary>Locks the file of a silo of this process; disposing of it releases the lock and keeps the file.</summary>
    /// <exception cref="IOException">The file cannot be made, or another process holds it.</exception>
    public FileStream Hold(SiloRun silo) => new(PathOf(silo), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>The lock files that are there.</summary>
    public IEnumerable<SiloRun> All() => Directory.EnumerateFiles(Path, "*" + Extension).Select(Parse).OfType<SiloRun>();

    /// <summary>Whether the process of a silo has ended: its file is there and nobody holds it. Without a file nothing is known, and the answer is no.</summary>
    public bool IsGone(SiloRun silo) => IsFree(PathOf(silo));

    /// <summary>Removes the file of a silo that is gone.</summary>
    public void Remove(SiloRun silo) => File.Delete(PathOf(silo));

    /// <summary>Makes sure that this file system has locks: without them every silo would look as if it were gone.</summary>
    /// <exception cref="StartFailedException">It has none.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void RequireLocking()
    {
        var probe = System.IO.Path.Combine(Path, $"probe-{Guid.NewGuid():N}");
        using var held = new FileStream(probe, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        if (IsFree(probe))
        {
            throw new StartFailedException(
                $"The file system of {Path} does not lock files, as some network file systems do not, and silos tell by locks which of them run. "
                + "Choose a folder on a local disk: cluster.folder.");
        }
    }

    private string PathOf(SiloRun silo) => System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{silo.Port}-{silo.Generation}{Extension}"));

    private static SiloRun? Parse(string file) =>
        System.IO.Path.GetFileNameWithoutExtension(file).Split('-') is [var port, var generation]
        && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var portNumber)
        && int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var generationNumber)
            ? new SiloRun(portNumber, generationNumber)
            : null;

    /// <remarks>A shared lock: several may look at the same time without taking each other for the owner.</remarks>
    private static bool IsFree(string file)
    {
        try
        {
            using var free = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>One run of a silo, from its start to its end.</summary>
/// <param name="Port">The TCP port where it listens for silos.</param>
/// <param name="Generation">Orleans' number of the run; a later run on the same port has a higher one.</param>
internal sealed record SiloRun(int Port, int Generation);
