using System.Net.Sockets;

namespace Shortline.Gateway;

/// <summary>Two sockets that live and end together.</summary>
internal static class SocketPair
{
    public static void DisposeBoth(this (Socket First, Socket Second) pair)
    {
        pair.First.Dispose();
        pair.Second.Dispose();
    }
}
