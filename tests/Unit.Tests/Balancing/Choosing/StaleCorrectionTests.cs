using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class StaleCorrectionTests
{
    [Fact]
    public void What_the_others_had_stays_and_what_is_our_own_we_know() =>
        Assert.Equal(7 + 2, StaleCorrection.Estimate(reportedLoad: 10, reportedOfThisGateway: 3, inFlightNow: 2, sentSinceReport: 5, gateways: 1));

    [Fact]
    public void The_others_are_taken_to_have_sent_as_much_as_we_did() =>
        Assert.Equal(7 + 2 + (2 * 5), StaleCorrection.Estimate(10, 3, 2, 5, gateways: 3));

    [Fact]
    public void A_report_of_less_than_our_own_share_is_not_held_against_the_others() =>
        Assert.Equal(4, StaleCorrection.Estimate(1, 3, 4, 0, gateways: 2));

    [Fact]
    public void A_huge_estimate_saturates() =>
        Assert.Equal(int.MaxValue, StaleCorrection.Estimate(int.MaxValue, 0, int.MaxValue, int.MaxValue, 1000));

    [Fact]
    public void With_one_gateway_it_is_exactly_its_own_ledger()
    {
        var property = Prop.ForAll<NonNegativeInt, NonNegativeInt, NonNegativeInt>((reported, inFlight, sent) =>
            StaleCorrection.Estimate(reported.Get, reported.Get, inFlight.Get, sent.Get, 1) == inFlight.Get);
        property.QuickCheckThrowOnFailure();
    }
}
