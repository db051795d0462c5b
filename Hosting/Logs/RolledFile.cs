using Microsoft.Win32.SafeHandles;

namespace Shortline.Hosting;

/// <summary>
/// Appends to a file that never grows beyond a limit: <c>server-3.log</c> becomes <c>server-3.1.log</c>, which becomes
/// <c>server-3.2.log</c>, and the oldest goes. The file is open only while it is written, so that any number of them costs nothing and
/// other processes and people may move or delete it.
/// </summary>
internal static class RolledFile
{
    /// <summary>Appends, and rolls before that if the file would become too large.</summary>
    /// <exception cref="IOException">It cannot be written, and nothing of <paramref name="text"/> is.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Append(string path, ReadOnlySpan<byte> text, long sizeLimit, int filesKept)
    {
        var file = new FileInfo(path);
        if (file.Exists && file.Length > 0 && file.Length + text.Length > sizeLimit)
            Roll(path, filesKept);
        else if (!file.Exists)
            file.Directory?.Create();

        using var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var end = RandomAccess.GetLength(handle);
        try
        {
            RandomAccess.Write(handle, text, end);
        }
        catch (IOException)
        {
            CutAt(handle, end);
            throw;
        }
    }

    // A full disk takes a part of the text: half a line would spoil the next one.
    private static void CutAt(SafeFileHandle handle, long end)
    {
        try
        {
            RandomAccess.SetLength(handle, end);
        }
        catch (IOException)
        {
            // The reason that matters is that of the writing.
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
