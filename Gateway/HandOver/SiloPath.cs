using Microsoft.Extensions.Logging;
using Shortline.Gateway.HandOver.Links;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// The ways on which requests reach several servers of a silo together: a link, or one grain call. Both are found while requests already go to
/// the servers' own grains. A silo of an earlier version has neither.
/// </summary>
internal sealed partial class SiloPath(string address, Dispatcher dispatcher, DispatcherParts parts, GrainCalls calls)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private volatile ISiloIntakeGrain? _intake;
    private volatile SiloLink? _link;
    private volatile bool _isClosed;
    private bool _isFailureLogged;

    /// <summary>The link; null if there is none. It may have ended.</summary>
    public SiloLink? Link => _link;

    /// <summary>Takes the requests of several servers in one grain call; null if it is not known yet.</summary>
    public ISiloIntakeGrain? Intake => _intake;

    /// <summary>Finds the ways, until it is closed.</summary>
    public async Task Run()
    {
        var pause = FirstPause;
        while (!_isClosed)
        {
            try
            {
                if (await OpenLink().ConfigureAwait(false) is { } link)
                {
                    pause = FirstPause;
                    await link.Ended.ConfigureAwait(false);
                    _link = null;
                }
                else
                {
                    // It is of another version or encrypts its connections, or has no port or no room for links at present.
                    pause = LongestPause;
                }
            }
            catch (Exception failure)
            {
                // The silo is of an earlier version, or cannot be reached; then the calls to its servers find that too.
                if (!_isFailureLogged)
                    NotFound(parts.Log, address, failure.Message);
                _isFailureLogged = true;
            }

            await Task.Delay(pause, parts.Time).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    /// <summary>Closes the link: the silo has no servers any more, or the gateway stops.</summary>
    public void Close()
    {
        _isClosed = true;

        // On the pool, because the caller may hold a lock.
        if (_link is { } link)
            ThreadPool.UnsafeQueueUserWorkItem(link => link.Close(), link, preferLocal: false);
    }

    /// <summary>Opens a link if the silo offers one.</summary>
    private async Task<SiloLink?> OpenLink()
    {
        var intake = parts.IntakeOf!(address);
        if (_intake is null)
        {
            await intake.Submit(new SiloBatch { GatewayId = dispatcher.GatewayId, Parts = default }, parts.Self()).ConfigureAwait(false);
            _intake = intake;
        }

        if (await intake.OfferLink(LinkFormat.Version, dispatcher.GatewayId, parts.Self()).ConfigureAwait(false) is not { } offer)
            return null;

        _link = new SiloLink(LinkSocket.Connect(offer, parts.Time), address, dispatcher, calls);
        if (_isClosed)
            _link.Close();
        return _link;
    }

    [LoggerMessage(3010, LogLevel.Information, "Requests for silo {Silo} take grain calls, which are slower than a link, until a link can be opened: {Failure}. If there is a firewall, set cluster.link_port_range_start and open these ports")]
    private static partial void NotFound(ILogger log, string silo, string failure);
}
