namespace Shortline.Gateway.Udp.Linux;

/// <summary>
/// Completes the addresses of received datagrams on a wildcard socket: with the local addresses to which the datagrams were sent, and with
/// IPv4 addresses in their own form. Used by one thread.
/// </summary>
/// <param name="addresses">The local addresses of the port.</param>
/// <param name="peerLength">The length of the addresses that the kernel writes.</param>
/// <param name="batch">The maximum number of datagrams.</param>
internal sealed unsafe class LocalAddressReader(LocalAddresses addresses, int peerLength, int batch) : IDisposable
{
    private readonly NativeBlock<byte> _controls = new(batch * LocalControl.ReceivedBytes);

    // Most datagrams come to the same address as the one before.
    private LocalAddress _latest;
    private ushort _latestNumber;

    /// <summary>Gives messages room for their control messages. The kernel overwrites the lengths, so this precedes each use.</summary>
    internal void Prepare(MessageHeader* messages, int count)
    {
        for (var i = 0; i < count; i++)
        {
            messages[i].Control = _controls.Pointer + (i * LocalControl.ReceivedBytes);
            messages[i].ControlLength = LocalControl.ReceivedBytes;
        }
    }

    /// <summary>Completes the addresses of received messages.</summary>
    internal void Complete(MessageHeader* messages, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var length = (int)Math.Min(messages[i].ControlLength, LocalControl.ReceivedBytes);
            var number = NumberOf(new ReadOnlySpan<byte>(_controls.Pointer + (i * LocalControl.ReceivedBytes), length));
            *messages[i].Name = messages[i].Name->Received(peerLength, number);
        }
    }

    public void Dispose() => _controls.Dispose();

    private ushort NumberOf(ReadOnlySpan<byte> control)
    {
        if (!LocalControl.TryRead(control, out var local))
            return LocalAddresses.None;
        if (_latestNumber == LocalAddresses.None || local != _latest)
            (_latest, _latestNumber) = (local, addresses.NumberOf(local));
        return _latestNumber;
    }
}
