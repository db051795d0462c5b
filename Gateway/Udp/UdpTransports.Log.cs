using System.Net;
using Microsoft.Extensions.Logging;

namespace Shortline.Gateway.Udp;

internal static partial class UdpTransports
{
    [LoggerMessage(
        EventId = 2100,
        Level = LogLevel.Information,
        Message = "UDP {EndPoint}: receive buffer {ReceiveBytes} bytes, send buffer {SendBytes} bytes, transport {Transport}")]
    private static partial void LogBound(ILogger logger, IPEndPoint endPoint, int receiveBytes, int sendBytes, string transport);
}
