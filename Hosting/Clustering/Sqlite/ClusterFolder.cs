using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>The folder of one cluster: its SQLite file, a lock file for each silo, and the lock of the silo that is joining.</summary>
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

    /// <summary>The SQLite file.</summary>
    public string Database { get; }

    /// <summary>The locks that tell which silos run.</summary>
    public SiloLocks Locks { get; }

    /// <summary>The file that a silo holds locked while it joins.</summary>
    public string JoinLock { get; }

    /// <summary>Makes the folder of a cluster unless it is there, for this user alone.</summary>
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

    /// <summary>The message for a folder that cannot be written.</summary>
    public string Explain(string reason) => IsFull
        ? $"The disk of the cluster's folder {Path} is full. Free some space, or choose a folder on another disk: cluster.folder."
        : $"The cluster's folder {Path} cannot be used: {reason.TrimEnd('.')}. {HowToChoose}";

    /// <summary>Whether the disk has too little space for the few pages that a start writes.</summary>
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

    /// <summary>The user's own folder for application data; a service without a home gets one below the temporary folder.</summary>
    private static string OfUser()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? System.IO.Path.Combine(data, "shortline")
            : System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"shortline-{ShortName.From(Environment.UserName)}");
    }
}
