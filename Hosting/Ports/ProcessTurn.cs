using System.Security.Cryptography;
using System.Text;

namespace Shortline.Hosting;

/// <summary>A turn that the processes of a user take one after the other.</summary>
internal sealed class ProcessTurn : IDisposable
{
    private readonly Mutex _mutex;
    private readonly bool _held;

    private ProcessTurn(Mutex mutex, bool held)
    {
        _mutex = mutex;
        _held = held;
    }

    /// <summary>Waits for it, but not forever: a process that is stopped while it has its turn must not keep others from starting.</summary>
    public static ProcessTurn Wait(string what, TimeSpan patience)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 8));
        var mutex = new Mutex(
            initiallyOwned: false, $"shortline-{name}", new NamedWaitHandleOptions { CurrentSessionOnly = false, CurrentUserOnly = true });
        try
        {
            return new ProcessTurn(mutex, mutex.WaitOne(patience));
        }
        catch (AbandonedMutexException)
        {
            return new ProcessTurn(mutex, held: true); // Its holder died, which is the end of a turn too.
        }
    }

    /// <summary>Ends it; by the thread that waited for it.</summary>
    public void Dispose()
    {
        if (_held)
            _mutex.ReleaseMutex();
        _mutex.Dispose();
    }
}
