from django.urls import path

from campaigns.views import accounts, campaigns, leads, remote_requests, results, teams
from campaigns.webhook import post_call

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("campaigns/refresh/", campaigns.refresh, name="refresh"),
    path("campaigns/requests/<int:number>/", remote_requests.waiting, name="waiting"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/start/", campaigns.start, name="start"),
    path("campaigns/<int:pk>/stop/", campaigns.stop, name="stop"),
    path("campaigns/<int:pk>/assistant/", campaigns.set_assistant, name="set_assistant"),
    path("campaigns/<int:pk>/required/", campaigns.set_required, name="set_required"),
    path("campaigns/<int:pk>/results/", results.results, name="results"),
    path("campaigns/<int:pk>/results/now/", results.results_now, name="results_now"),
    path("campaigns/<int:pk>/leads/", leads.leads, name="leads"),
    path("campaigns/<int:pk>/leads.csv", leads.export, name="export_leads"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new_team, name="new_team"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/delete/", teams.delete_team, name="delete_team"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.new_account, name="new_account"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/check/", accounts.check_account, name="check_account"),
    path("accounts/<int:pk>/webhook/", accounts.change_webhook, name="change_account_webhook"),
    path("accounts/<int:pk>/default/", accounts.make_default, name="make_default"),
    path("hooks/whattalk/<int:account_id>/<str:secret>/", post_call, name="webhook"),
]
