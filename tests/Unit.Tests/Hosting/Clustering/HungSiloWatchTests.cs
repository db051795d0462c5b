using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Runtime;
using Shortline.Hosting.Clustering;

namespace Shortline.Unit.Tests.Hosting.Clustering;

/// <summary>Declares silos dead that do not renew their entries in the membership table.</summary>
public sealed class HungSiloWatchTests
{
    private readonly FakeTable _table = new(silos: 5);

    [Fact]
    public async Task A_silo_is_declared_dead_when_its_heartbeat_was_the_same_in_five_looks()
    {
        var watch = WatchOf(silo: 0);
        for (var look = 1; look <= HungSiloWatch.Looks; look++)
        {
            Assert.Empty(_table.Killed);
            await Beat(watch, except: 3);
        }

        Assert.Equal([_table.Silo(3)], _table.Killed);
    }

    [Fact]
    public async Task A_silo_that_renews_its_entry_now_and_then_stays()
    {
        var watch = WatchOf(silo: 0);
        for (var i = 0; i < 20; i++)
            await Beat(watch, except: i % (HungSiloWatch.Looks - 1) == 0 ? -1 : 3);

        Assert.Empty(_table.Killed);
    }

    [Fact]
    public async Task A_silo_that_cannot_renew_its_own_entry_declares_nobody_dead()
    {
        var watch = WatchOf(silo: 0);
        for (var i = 0; i < 20; i++)
            await watch.Look(CancellationToken.None);

        Assert.Empty(_table.Killed);
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_ends_neither_the_watch_nor_the_count()
    {
        var watch = WatchOf(silo: 0);
        for (var look = 1; look < HungSiloWatch.Looks; look++)
            await Beat(watch, except: 3);
        _table.IsDown = true;
        await Beat(watch, except: 3);
        Assert.Empty(_table.Killed);

        _table.IsDown = false;
        await Beat(watch, except: 3);
        Assert.Equal([_table.Silo(3)], _table.Killed);
    }

    [Fact]
    public async Task Only_the_first_three_silos_watch()
    {
        var watches = Enumerable.Range(0, 5).Select(WatchOf).ToList();
        for (var look = 1; look <= HungSiloWatch.Looks; look++)
        {
            _table.Beat(except: 4);
            foreach (var watch in watches)
                await watch.Look(CancellationToken.None);
        }

        Assert.Equal(Enumerable.Repeat(_table.Silo(4), 3), _table.Killed);
        Assert.Equal(3 * HungSiloWatch.Looks, _table.Reads);
    }

    private async Task Beat(HungSiloWatch watch, int except)
    {
        _table.Beat(except);
        await watch.Look(CancellationToken.None);
    }

    private HungSiloWatch WatchOf(int silo) =>
        new(_table, _table, new LocalSilo(_table.Silo(silo)), new FakeTimeProvider(), NullLoggerFactory.Instance);

    /// <summary>A membership table with active silos, of which those that are declared dead are kept.</summary>
    private sealed class FakeTable(int silos) : IMembershipTable, IClusterMembershipService
    {
        private readonly List<MembershipEntry> _rows = [.. Enumerable.Range(0, silos).Select(silo => new MembershipEntry
        {
            SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111 + silo), 1),
            SiloName = $"silo-{silo}",
            Status = SiloStatus.Active,
        })];

        private int _beats;

        public bool IsDown { get; set; }

        public int Reads { get; private set; }

        public List<SiloAddress> Killed { get; } = [];

        public ClusterMembershipSnapshot CurrentSnapshot => new(
            _rows.ToImmutableDictionary(row => row.SiloAddress, row => new ClusterMember(row.SiloAddress, row.Status, row.SiloName)), new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public SiloAddress Silo(int silo) => _rows[silo].SiloAddress;

        /// <summary>All silos but one renew their entries.</summary>
        public void Beat(int except)
        {
            _beats++;
            for (var silo = 0; silo < _rows.Count; silo++)
            {
                if (silo != except)
                    _rows[silo].IAmAliveTime = DateTime.UnixEpoch.AddSeconds(5 * _beats);
            }
        }

        public Task<MembershipTableData> ReadAll()
        {
            if (IsDown)
                throw new IOException("The table cannot be read.");
            Reads++;
            return Task.FromResult(new MembershipTableData([.. _rows.Select(row => Tuple.Create(row, ""))], new TableVersion(1, "")));
        }

        public Task<bool> TryKill(SiloAddress siloAddress)
        {
            Killed.Add(siloAddress);
            return Task.FromResult(true);
        }

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => default;

        public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }

    private sealed class LocalSilo(SiloAddress address) : ILocalSiloDetails
    {
        public string Name => "test";

        public string ClusterId => "test";

        public string DnsHostName => "test";

        public SiloAddress SiloAddress => address;

        public SiloAddress GatewayAddress => address;
    }
}
