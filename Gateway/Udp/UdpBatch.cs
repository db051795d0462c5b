namespace Shortline.Gateway.Udp;

/// <summary>The limit of a batch.</summary>
internal static class UdpBatch
{
    /// <summary>The maximum number of datagrams in a batch: the limit of Linux for one call (<c>UIO_MAXIOV</c>).</summary>
    internal const int Limit = 1024;

    internal static int Checked(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, Limit);
        return batch;
    }
}
