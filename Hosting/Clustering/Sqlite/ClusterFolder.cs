using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>The folder of one cluster: the SQLite file, a lock file for each silo, and the lock file of the silo that is joining.</summary>
internal sealed class ClusterFolder
{
    private const string HowToChoose = "Make it writable for this user, or choose another folder: cluster.folder.";

    private ClusterFolder(string path, string clusterId)
    {
        Path = path;
        ClusterId = clusterId;
        Database = System.IO.Path.Combine(path, "members.db");
        Locks = new SiloLocks(System.IO.Path.Combine(path, "silos"));
        JoinLock = System.IO.Path.Combine(path, "join.lock");
    }

    public string ClusterId { get; }

    public string Path { get; }

    /// <summary>The path of the SQLite file.</summary>
    public string Database { get; }

    /// <summary>The lock files that show which silos run.</summary>
    public SiloLocks Locks { get; }

    /// <summary>The path of the file that a silo holds locked while it joins.</summary>
    public string JoinLock { get; }

    /// <summary>Returns the folder of a cluster. Creates it, for this user only, if it does not exist.</summary>
    /// <exception cref="StartFailedException">The folder cannot be used; the message says why and what to do.</exception>
    public static ClusterFolder Of(ClusterSettings cluster)
    {
        // The prefix keeps ids such as ".." inside the folder.
        var path = System.IO.Path.Combine(cluster.Folder.Length > 0 ? System.IO.Path.GetFullPath(cluster.Folder) : OfUser(), $"cluster-{cluster.Id}");
        var folder = new ClusterFolder(path, cluster.Id);
        try
        {
            PrivateFolder.Create(path);
            PrivateFolder.Create(folder.Locks.Path);
            folder.Locks.RequireLocking();
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(folder.Explain(failure.Message), failure);
        }
    }

    /// <summary>Returns the message for a folder that cannot be used.</summary>
    public string Explain(string reason) => IsFull
        ? $"The disk of the cluster's folder {Path} is full. Free some space, or choose a folder on another disk: cluster.folder."
        : $"The cluster's folder {Path} cannot be used: {reason.TrimEnd('.')}. {HowToChoose}";

    /// <summary>Whether the disk has too little space for the pages that a start writes.</summary>
    public bool IsFull
    {
        get
        {
            try
            {
                return new DriveInfo(Path).AvailableFreeSpace < 256 * 1024;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Returns a folder in the user's folder for application data. A service without a home folder gets one below the temporary folder.
    /// </summary>
    private static string OfUser()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? System.IO.Path.Combine(data, "shortline")
            : System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"shortline-{ShortName.From(Environment.UserName)}");
    }
}
