using System.Globalization;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// The lock files of silos: one for each run of a silo, named after its port and generation. The silo holds the file locked while its
/// process runs. The kernel drops the lock however the process ends, so a free lock proves that the silo is gone.
/// </summary>
internal sealed class SiloLocks(string path)
{
    private const string Extension = ".lock";

    /// <summary>The folder of the lock files.</summary>
    public string Path { get; } = path;

    /// <summary>
    /// Creates and locks the file of a silo of this process. Disposing of the stream releases the lock and keeps the file.
    /// </summary>
    /// <exception cref="IOException">The file cannot be created, or another process holds it.</exception>
    public FileStream Hold(SiloRun silo) => new(PathOf(silo), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Returns the runs of silos that have a lock file.</summary>
    public IEnumerable<SiloRun> All() => Directory.EnumerateFiles(Path, "*" + Extension).Select(Parse).OfType<SiloRun>();

    /// <summary>
    /// Whether the process of a silo has ended: the file exists and no process holds it. False without a file, because then nothing is
    /// known.
    /// </summary>
    public bool IsGone(SiloRun silo) => IsFree(PathOf(silo));

    /// <summary>Removes the file of a silo that is gone.</summary>
    public void Remove(SiloRun silo) => File.Delete(PathOf(silo));

    /// <summary>Checks that the file system has locks. Without them every silo would seem to be gone.</summary>
    /// <exception cref="StartFailedException">The file system does not lock files.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void RequireLocking()
    {
        var probe = System.IO.Path.Combine(Path, $"probe-{Guid.NewGuid():N}");
        using var held = new FileStream(probe, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        if (IsFree(probe))
        {
            throw new StartFailedException(
                $"The file system of {Path} does not lock files, like some network file systems. Silos need locks to know which silos run. "
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

    /// <remarks>Tries a shared lock, so that several processes can test at the same time without taking each other for the owner.</remarks>
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
/// <param name="Port">The TCP port on which the silo listens for silos.</param>
/// <param name="Generation">Orleans' number of the run. A later run on the same port has a higher number.</param>
internal sealed record SiloRun(int Port, int Generation);
