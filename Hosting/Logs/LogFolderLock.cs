using System.Security.Cryptography;
using System.Text;

namespace Shortline.Hosting;

/// <summary>
/// Keeps the processes that log into one folder from writing at the same moment. A courtesy: where it cannot be had, files are written
/// all the same.
/// </summary>
internal sealed class LogFolderLock : IDisposable
{
    // Another process that holds it this long is stopped, not busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Mutex? _mutex;

    public LogFolderLock(string folder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)).AsSpan(0, 8));
        try
        {
            var options = new NamedWaitHandleOptions { CurrentSessionOnly = false, CurrentUserOnly = true };
            _mutex = new Mutex(initiallyOwned: false, $"shortline-logs-{name}", options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            _mutex = null;
        }
    }

    /// <summary>Runs <paramref name="write"/> while no other process does.</summary>
    public void Hold(Action write)
    {
        var held = Take();
        try
        {
            write();
        }
        finally
        {
            if (held)
                _mutex!.ReleaseMutex();
        }
    }

    public void Dispose() => _mutex?.Dispose();

    private bool Take()
    {
        try
        {
            return _mutex?.WaitOne(Patience) ?? false;
        }
        catch (AbandonedMutexException)
        {
            return true; // Its holder died; nothing it could leave half done matters to the next line.
        }
    }
}
