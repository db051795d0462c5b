using System.Diagnostics.CodeAnalysis;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Grains.Files;

/// <summary>
/// The folder <c>server.file_root</c>, the only part of the file system that clients can reach: for them nothing exists whose real path is
/// outside of it, whatever the name or a link says. Refusals are texts for clients. Safe from any thread.
/// </summary>
internal sealed class FileRoot
{
    private const string Nothing = "no files are served here: set server.file_root to the folder to serve";

    private readonly string? _path;
    private readonly string _inside = "";

    /// <summary>Opens the folder. An empty name serves nothing. A link to a folder is followed once, now.</summary>
    /// <exception cref="StartFailedException">There is no such folder.</exception>
    public FileRoot(string folder)
    {
        if (folder.Length == 0)
            return;

        var path = Path.GetFullPath(folder);
        using var root = PinnedPath.Find(path, path);
        if (root is not { Kind: FileKind.Directory })
        {
            throw new StartFailedException(
                $"server.file_root = {SafeText.Of(folder, 300)}: there is no such folder. Make it, or leave server.file_root empty to serve no files.");
        }

        _path = root.RealPath;
        _inside = Path.EndsInDirectorySeparator(_path) ? _path : _path + Path.DirectorySeparatorChar;
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="name">Its name within the folder, from a client.</param>
    /// <param name="file">The file, which the caller disposes.</param>
    /// <param name="refusal">The reason for a refusal.</param>
    public bool TryOpenFile(string? name, [NotNullWhen(true)] out ServedFile? file, [NotNullWhen(false)] out string? refusal)
    {
        file = null;
        using var pinned = Find(name ?? "", "file", out refusal);
        if (pinned is { Kind: FileKind.File } && (file = ServedFile.TryOpen(pinned)) is not null)
            return true;

        refusal ??= FileName.Shown(name ?? "") + pinned?.Kind switch
        {
            FileKind.File => " may not be read by the server",
            FileKind.Directory => " is a directory: ask for it with the operation 'directory'",
            _ => " is not a regular file",
        };
        return false;
    }

    /// <summary>Finds a directory.</summary>
    /// <param name="name">Its name within the folder, from a client; null for the folder itself.</param>
    /// <param name="directory">The directory, which the caller disposes.</param>
    /// <param name="refusal">The reason for a refusal.</param>
    public bool TryOpenDirectory(string? name, [NotNullWhen(true)] out ServedDirectory? directory, [NotNullWhen(false)] out string? refusal)
    {
        directory = null;
        var pinned = Find(name, "directory", out refusal);
        if (pinned is { Kind: FileKind.Directory })
        {
            directory = new ServedDirectory(this, pinned);
            return true;
        }

        pinned?.Dispose();
        refusal ??= $"{FileName.Shown(name ?? "")} is not a directory";
        return false;
    }

    /// <summary>Whether the file or directory is inside the folder, or is the folder itself.</summary>
    public bool Contains(PinnedPath found) =>
        found.RealPath.StartsWith(_inside, StringComparison.Ordinal) || string.Equals(found.RealPath, _path, StringComparison.Ordinal);

    private static string Missing(string name, string kind) => $"there is no {kind} {FileName.Shown(name)}";

    private PinnedPath? Find(string? name, string kind, out string? refusal)
    {
        refusal = _path is null ? Nothing : name is null ? null : FileName.Fault(name);
        if (refusal is not null)
            return null;

        // What is outside gets the same text as what does not exist, so that no link reveals what is outside.
        var found = PinnedPath.Find(name is null ? _path! : Path.Join(_path, name), _path!);
        if (found is not null && Contains(found))
            return found;

        found?.Dispose();
        refusal = Missing(name ?? "", kind);
        return null;
    }
}
