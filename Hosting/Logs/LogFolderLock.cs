using System.Security.Cryptography;
using System.Text;

namespace Shortline.Hosting.Logs;

/// <summary>
/// Keeps processes that log into the same folder from writing at the same moment, which would mix their lines and roll a file twice. Where
/// no such lock can be had, files are written without it.
/// </summary>
/// <remarks>Serilog's lock for shared files holds only within a login session; services have a session each.</remarks>
internal sealed class LogFolderLock : IDisposable
{
    // A process that holds the lock for this long is suspended, not busy.
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(1);

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

    /// <summary>Waits until no other process writes, for one second at most.</summary>
    /// <returns>Whether the lock is held. If so, call <see cref="Exit"/> on the same thread.</returns>
    public bool Enter()
    {
        try
        {
            return _mutex?.WaitOne(WaitLimit) ?? false;
        }
        catch (AbandonedMutexException)
        {
            return true; // Its holder died. Whatever it left half done does not matter to the next line.
        }
    }

    /// <summary>Lets other processes write.</summary>
    public void Exit() => _mutex!.ReleaseMutex();

    public void Dispose() => _mutex?.Dispose();
}
