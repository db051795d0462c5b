namespace Shortline.Hosting.Logs;

/// <summary>
/// Keeps a file below a size limit by renaming it: <c>server-3.log</c> becomes <c>server-3.1.log</c>, which becomes <c>server-3.2.log</c>,
/// and the oldest is deleted. So the current file always has the same name.
/// </summary>
internal static class RolledFile
{
    /// <summary>Creates the file if it is missing, and rolls it first if <paramref name="bytes"/> more would exceed the limit.</summary>
    /// <returns>The length of the file.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static long MakeRoom(string path, int bytes, long sizeLimit, int filesKept)
    {
        var file = new FileInfo(path);
        if (file.Exists && file.Length > 0 && file.Length + bytes > sizeLimit)
            Roll(path, filesKept);
        else if (!file.Exists)
            file.Directory?.Create();

        // Opened here because Serilog's sink does not tell its caller why it cannot open a file.
        using var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.GetLength(handle);
    }

    /// <summary>
    /// Removes what is behind <paramref name="end"/>: a full disk takes a part of a line, which would spoil the next one. Does nothing if
    /// <paramref name="end"/> is negative.
    /// </summary>
    public static void CutAt(string path, long end)
    {
        try
        {
            if (end < 0)
                return;
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.GetLength(handle) > end)
                RandomAccess.SetLength(handle, end);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The failure of the write is what gets reported.
        }
    }

    private static void Roll(string path, int filesKept)
    {
        for (var number = filesKept; File.Exists(Rolled(path, number)); number++)
            File.Delete(Rolled(path, number));
        for (var number = filesKept - 1; number > 0; number--)
        {
            if (File.Exists(Rolled(path, number)))
                File.Move(Rolled(path, number), Rolled(path, number + 1), overwrite: true);
        }

        File.Move(path, Rolled(path, 1), overwrite: true);
    }

    private static string Rolled(string path, int number) => Path.ChangeExtension(path, $".{number}{Path.GetExtension(path)}");
}
