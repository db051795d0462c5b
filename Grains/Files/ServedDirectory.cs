using System.IO.Enumeration;

namespace Shortline.Grains.Files;

/// <summary>A directory of <see cref="FileRoot"/>.</summary>
internal sealed class ServedDirectory(FileRoot root, PinnedPath pinned) : IDisposable
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None };

    /// <summary>Returns the first names of the directory in ordinal order. Uses memory for no more names than the limit.</summary>
    /// <param name="after">Only names after this one; null for all.</param>
    /// <param name="limit">Names at most.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public SortedSet<string> Names(string? after, int limit, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in new FileSystemEnumerable<string>(pinned.AccessPath, (ref entry) => entry.FileName.ToString(), Everything))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (string.CompareOrdinal(name, after) <= 0)
                continue;
            names.Add(name);
            if (names.Count > limit)
                names.Remove(names.Max!);
        }

        return names;
    }

    /// <summary>The kind of an entry; <see cref="FileKind.Other"/> if clients may not ask for it.</summary>
    public FileKind KindOf(string name)
    {
        if (FileName.Fault(name) is not null)
            return FileKind.Other;
        using var found = PinnedPath.Find(Path.Join(pinned.AccessPath, name), pinned.AccessPath);
        return found is not null && root.Contains(found) ? found.Kind : FileKind.Other;
    }

    public void Dispose() => pinned.Dispose();
}
